// SPDX-License-Identifier: Apache-2.0
#include "state/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/directories.hpp"

namespace tapwarden {

StateLock::StateLock(const std::filesystem::path& directory) {
  if (directory.empty()) return;
  make_directories(directory);
  std::filesystem::path file = directory / "lock";
  file_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), file.string());
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(file_);
  throw std::runtime_error(
      fmt::format("state: {}: another agent keeps its state here", directory.string()));
}

StateLock::~StateLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tapwarden
