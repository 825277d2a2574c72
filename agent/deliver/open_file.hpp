// SPDX-License-Identifier: Apache-2.0
// OpenFile: a file of the system's, closed when this goes; and what is done to an open one.
#pragma once

#include <cstddef>
#include <string>

namespace tapwarden {

class OpenFile {
 public:
  OpenFile() = default;
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept : descriptor_(other.release()) {}
  OpenFile& operator=(OpenFile&& other) noexcept;
  ~OpenFile();

  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  int release();

 private:
  int descriptor_ = -1;
};

/// Opens or makes a file that lines are added to, or a pipe; -1 as open(2). `flags` are further
/// ones of open(2). What stands at a file's end without a line feed gets one: an agent that was
/// killed in the midst of a line tells it again, and not as a part of that one.
int open_for_lines(const std::string& path, int flags = 0);

/// Cuts off the last `size` octets that were written, so that of a line that found no room nothing
/// stays. What is written next follows what is left, also where nobody opened it for appending.
bool take_back(int descriptor, size_t size);

}  // namespace tapwarden
