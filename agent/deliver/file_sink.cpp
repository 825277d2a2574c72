// SPDX-License-Identifier: Apache-2.0
#include "deliver/file_sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace tapwarden {

namespace {

[[noreturn]] void refuse(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), path);
}

int open_for_appending(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

/// How much was written before it failed; errno tells why.
size_t write_all(int descriptor, std::string_view text) {
  size_t written = 0;
  while (written < text.size()) {
    ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += static_cast<size_t>(count);
  }
  return written;
}

}  // namespace

FileSink::FileSink(std::string path) : path_(std::move(path)) {
  descriptor_ = path_ == "-" ? STDOUT_FILENO : open_for_appending(path_);
  if (descriptor_ < 0) refuse(path_);
}

FileSink::~FileSink() {
  flush();
  if (path_ != "-") ::close(descriptor_);
}

void FileSink::write(const Record& record) {
  kept_ += record.line;
  kept_ += '\n';
  if (flush()) return;
  ++failures_;
  reopen();
  while (kept_.size() > kept_max) {
    ++lost_;
    kept_.erase(0, kept_.find('\n') + 1);
  }
}

bool FileSink::flush() {
  kept_.erase(0, write_all(descriptor_, kept_));
  return kept_.empty();
}

bool FileSink::reopen() {
  if (path_ == "-") return true;
  int fresh = open_for_appending(path_);
  if (fresh < 0) return false;
  ::close(descriptor_);
  descriptor_ = fresh;
  return true;
}

void write_whole(const std::string& path, std::string_view text) {
  std::string temporary = path + ".new";
  int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (descriptor < 0) refuse(temporary);
  bool written = write_all(descriptor, text) == text.size() && ::fsync(descriptor) == 0;
  int error = errno;
  ::close(descriptor);
  if (written && std::rename(temporary.c_str(), path.c_str()) == 0) return;
  if (written) error = errno;
  ::unlink(temporary.c_str());
  errno = error;
  refuse(path);
}

}  // namespace tapwarden
