// SPDX-License-Identifier: Apache-2.0
#include "core/directories.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <ranges>
#include <system_error>

namespace tapwarden {

namespace fs = std::filesystem;

std::vector<fs::path> make_directories(const fs::path& directory) {
  std::vector<fs::path> missing, made;
  std::error_code none;
  for (fs::path at = directory; !at.empty() && !fs::exists(at, none); at = at.parent_path())
    missing.push_back(at);
  for (const fs::path& one : missing | std::views::reverse) {
    if (::mkdir(one.c_str(), 0750) == 0)
      made.push_back(one);
    else if (errno != EEXIST)
      throw std::system_error(errno, std::generic_category(), directory.string());
  }
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    if (!error) error = std::make_error_code(std::errc::not_a_directory);
    throw std::system_error(error, directory.string());
  }
  return made;
}

}  // namespace tapwarden
