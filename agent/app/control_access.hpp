// SPDX-License-Identifier: Apache-2.0
// Who gets to the control socket: where it is, what is handed to the group that may use it, and
// whether that group gets there at all.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "config/settings.hpp"
#include "core/diagnostics.hpp"

namespace tapwarden {

/// Where the socket is with these settings; empty where there is none.
std::filesystem::path socket_path(const config::Settings& settings);

/// Makes the state's directory where it is missing. The group of the control socket may go through
/// what was made, and no more; a directory that exists stays as it is.
void make_state_directory(const config::Settings& settings);

/// Throws std::runtime_error where the system does not let the agent.
void hand_to_group(const std::filesystem::path& path, const std::string& group, mode_t mode);

/// The outermost directory on the way to this socket that the group may not go through; empty when
/// it gets there.
std::filesystem::path barrier(const std::filesystem::path& socket, const std::string& group);

/// Mistakes that would show when the socket is made; `file` is where the settings are from.
void check_control(const config::Settings& settings, const std::filesystem::path& file,
                   Diagnostics& diagnostics);

}  // namespace tapwarden
