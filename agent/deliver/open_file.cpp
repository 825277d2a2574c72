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

}  // namespace tapwarden
