// SPDX-License-Identifier: Apache-2.0
#include "deliver/open_file.hpp"

#include <unistd.h>

#include <utility>

namespace tapwarden {

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  if (this != &other) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = other.release();
  }
  return *this;
}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int OpenFile::release() { return std::exchange(descriptor_, -1); }

bool take_back(int descriptor, size_t size) {
  if (size == 0) return true;
  off_t start = ::lseek(descriptor, 0, SEEK_CUR) - static_cast<off_t>(size);
  return start >= 0 && ::ftruncate(descriptor, start) == 0 &&
         ::lseek(descriptor, start, SEEK_SET) == start;
}

}  // namespace tapwarden
