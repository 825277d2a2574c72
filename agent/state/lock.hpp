// SPDX-License-Identifier: Apache-2.0
// StateLock: two agents with one state would undo each other's work, and one would take the other's
// records out of the spools.
#pragma once

#include <filesystem>

namespace tapwarden {

class StateLock {
 public:
  /// Makes the directory where there is none; an empty path locks nothing. Throws
  /// std::runtime_error where another agent has it.
  explicit StateLock(const std::filesystem::path& directory);
  ~StateLock();
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace tapwarden
