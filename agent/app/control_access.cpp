// SPDX-License-Identifier: Apache-2.0
#include "app/control_access.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "config/load.hpp"
#include "core/directories.hpp"

namespace tapwarden {

namespace fs = std::filesystem;

namespace {

constexpr size_t kNameSize = 16 << 10;  // of what the system says of a group
constexpr size_t kPathMax = sizeof(sockaddr_un::sun_path) - 1;
constexpr mode_t kThrough = 0710;  // the owner as ever, the group to what it knows the name of

std::optional<gid_t> group_id(const std::string& name) {
  std::vector<char> room(kNameSize);
  group entry{};
  group* found = nullptr;
  ::getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found);
  return found == nullptr ? std::nullopt : std::optional(entry.gr_gid);
}

std::string no_group(const std::string& name) {
  return fmt::format("there is no group \"{}\"", name);
}

gid_t known_group(const std::string& name) {
  std::optional<gid_t> id = group_id(name);
  if (!id) throw std::runtime_error("control.group: " + no_group(name));
  return *id;
}

bool lets_through(const fs::path& directory, gid_t group) {
  // Root's alone; but a service of a dynamic user, whose state it holds, sees an open one instead.
  if (directory == "/var/lib/private") return false;
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) return false;
  mode_t bit = status.st_gid == group ? S_IXGRP : S_IXOTH;
  if ((status.st_mode & bit) != 0) return true;
  // An access list may say more than the mode: who has written one knows why.
  return ::getxattr(directory.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
}

/// The directories on the way to it, the outermost first.
std::vector<fs::path> way_to(const fs::path& socket) {
  std::error_code none;
  fs::path directory = fs::weakly_canonical(fs::absolute(socket).parent_path(), none);
  std::vector<fs::path> way;
  for (const fs::path& part : directory) way.push_back(way.empty() ? part : way.back() / part);
  return way;
}

bool is_on(const std::vector<fs::path>& way, const fs::path& directory) {
  std::error_code none;
  return std::ranges::any_of(
      way, [&](const fs::path& one) { return fs::equivalent(one, directory, none); });
}

}  // namespace

fs::path socket_path(const config::Settings& settings) {
  if (!settings.control.socket.empty()) return settings.control.socket;
  if (settings.state.directory.empty()) return {};
  return settings.state.directory / "control.sock";
}

void make_state_directory(const config::Settings& settings) {
  if (settings.state.directory.empty()) return;
  std::vector<fs::path> made = make_directories(settings.state.directory);
  if (settings.control.group.empty()) return;
  std::vector<fs::path> way = way_to(socket_path(settings));
  try {
    for (const fs::path& directory : made) {
      if (is_on(way, directory)) hand_to_group(directory, settings.control.group, kThrough);
    }
  } catch (const std::runtime_error&) {
    // The next start is to find it missing again, or it would be taken for somebody else's.
    for (const fs::path& directory : made | std::views::reverse) ::rmdir(directory.c_str());
    throw;
  }
}

void hand_to_group(const fs::path& path, const std::string& group, mode_t mode) {
  gid_t id = known_group(group);
  if (::lchown(path.c_str(), static_cast<uid_t>(-1), id) == 0 && ::chmod(path.c_str(), mode) == 0)
    return;
  int why = errno;
  throw std::runtime_error(fmt::format(
      "control.group: {} cannot be given to the group \"{}\": {}{}", path.string(), group,
      std::generic_category().message(why),
      why == EPERM ? ": the agent's own user must be in it, SupplementaryGroups in its unit" : ""));
}

fs::path barrier(const fs::path& socket, const std::string& group) {
  gid_t id = known_group(group);
  std::vector<fs::path> way = way_to(socket);
  auto found = std::ranges::find_if_not(
      way, [&](const fs::path& directory) { return lets_through(directory, id); });
  return found == way.end() ? fs::path() : *found;
}

void check_control(const config::Settings& settings, const fs::path& file,
                   Diagnostics& diagnostics) {
  const std::string& group = settings.control.group;
  if (!group.empty() && !group_id(group))
    config::complain(file, "control", "group", no_group(group), diagnostics);
  if (socket_path(settings).string().size() <= kPathMax) return;
  std::string bound = fmt::format("a socket's path has {} octets at most", kPathMax);
  if (!settings.control.socket.empty())
    return config::complain(file, "control", "socket", "too long: " + bound, diagnostics);
  config::complain(file, "state", "directory",
                   "too long for control.sock in it: " + bound + "; set control.socket",
                   diagnostics);
}

}  // namespace tapwarden
