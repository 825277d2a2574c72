// SPDX-License-Identifier: Apache-2.0
#include "deliver/open_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
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

int open_for_lines(const std::string& path, int flags) {
  int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0640);
  struct stat what {};
  if (descriptor < 0 || ::fstat(descriptor, &what) != 0 || !S_ISREG(what.st_mode) ||
      what.st_size == 0)
    return descriptor;
  OpenFile reader(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char last = '\n';
  if (reader && ::pread(reader.get(), &last, 1, what.st_size - 1) == 1 && last != '\n') {
    // Where the disk is full the next line will not find room either.
    [[maybe_unused]] ssize_t written = ::write(descriptor, "\n", 1);
  }
  return descriptor;
}

bool take_back(int descriptor, size_t size) {
  if (size == 0) return true;
  off_t start = ::lseek(descriptor, 0, SEEK_CUR) - static_cast<off_t>(size);
  return start >= 0 && ::ftruncate(descriptor, start) == 0 &&
         ::lseek(descriptor, start, SEEK_SET) == start;
}

}  // namespace tapwarden
