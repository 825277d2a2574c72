// SPDX-License-Identifier: Apache-2.0
// Client: the shell's end of the daemon's control socket.
#pragma once

#include <boost/json/fwd.hpp>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "app/commands.hpp"

namespace tapwarden {

/// No daemon answers there; the text says what to do about it.
class Unreachable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What the daemon refuses.
class Refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where a daemon is looked for without any word about it.
inline constexpr const char* default_socket = "/var/lib/tapwarden/control.sock";

/// Where it is by the command line or the configuration; throws UsageError where that has none.
std::filesystem::path find_socket(const Common& common, const std::string& socket);

/// Hands each record of the answer to `on_record` and gives the object at its end. Throws
/// Unreachable, and Refused where something was not done.
boost::json::object ask(const std::filesystem::path& socket, const boost::json::object& request,
                        const std::function<void(const boost::json::object& record)>& on_record);

}  // namespace tapwarden
