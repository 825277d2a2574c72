// SPDX-License-Identifier: Apache-2.0
// OpenFile: a file of the system's, closed when this goes; and what is done to an open one.
#pragma once

#include <cstddef>

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

/// Cuts off the last `size` octets that were written, so that of a line that found no room nothing
/// stays. What is written next follows what is left, also where nobody opened it for appending.
bool take_back(int descriptor, size_t size);

}  // namespace tapwarden
