// SPDX-License-Identifier: Apache-2.0
// The configuration file, read and checked.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "config/settings.hpp"
#include "core/diagnostics.hpp"

namespace tapwarden::config {

/// Whatever is wrong is in `diagnostics`, in the file's order, and left at its default, so that the
/// rest can be checked too; what is allowed and hardly meant is in `notes`. An empty file gives the
/// defaults.
Settings load(const std::filesystem::path& file, Diagnostics& diagnostics,
              Diagnostics* notes = nullptr);

/// Complains about the id `text` in the list `policies`, that of an output where one is given, at
/// its place in the file that was loaded: for mistakes that show only when the rules are there.
void complain_of_policy(const std::filesystem::path& file, std::optional<size_t> output,
                        std::string_view text, std::string_view message, Diagnostics& diagnostics);
/// The same of an option in a section: for what only the machine can tell.
void complain(const std::filesystem::path& file, std::string_view section, std::string_view option,
              std::string_view message, Diagnostics& diagnostics);

}  // namespace tapwarden::config
