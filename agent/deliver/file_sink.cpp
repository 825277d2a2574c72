// SPDX-License-Identifier: Apache-2.0
#include "deliver/file_sink.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <system_error>

#include "deliver/open_file.hpp"

namespace tapwarden {

namespace {

[[noreturn]] void refuse(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), path);
}

bool is_file(int descriptor) {
  struct stat what {};
  return ::fstat(descriptor, &what) == 0 && S_ISREG(what.st_mode);
}

/// Into a pipe, a socket or a terminal, and only as much as it takes now: what is ready takes
/// PIPE_BUF without waiting.
size_t write_ready(int descriptor, std::string_view text) {
  size_t written = 0;
  while (written < text.size()) {
    pollfd ready{descriptor, POLLOUT, 0};
    if (::poll(&ready, 1, 0) == 0) {
      errno = EAGAIN;
      break;
    }
    ssize_t count = ::write(descriptor, text.data() + written,
                            std::min<size_t>(PIPE_BUF, text.size() - written));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += static_cast<size_t>(count);
  }
  return written;
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
  descriptor_ = path_ == "-" ? STDOUT_FILENO : open_for_lines(path_);
  if (descriptor_ < 0) refuse(path_);
}

FileSink::~FileSink() {
  flush();
  if (path_ != "-") ::close(descriptor_);
}

void FileSink::write(const Record& record) {
  kept_ += record.line;
  kept_ += '\n';
  retry();
  while (kept_.size() > kept_max) {
    size_t first = is_begun_ ? kept_.find('\n') + 1 : 0;  // what is half out is finished
    if (first == kept_.size()) break;
    kept_.erase(first, kept_.find('\n', first) + 1 - first);
    ++lost_;
  }
}

void FileSink::retry() {
  if (flush()) return;
  ++failures_;
  if (!is_begun_) reopen();
}

bool FileSink::flush() {
  if (kept_.empty()) return true;
  bool regular = is_file(descriptor_);
  size_t written = regular ? write_all(descriptor_, kept_) : write_ready(descriptor_, kept_);
  if (written < kept_.size()) {
    error_ = errno == EAGAIN ? "its reader does not read" : std::generic_category().message(errno);
    if (regular && written != 0) {
      size_t end = kept_.rfind('\n', written - 1);
      size_t whole = end == std::string::npos ? 0 : end + 1;
      if (take_back(descriptor_, written - whole)) written = whole;
    }
  }
  if (written != 0) is_begun_ = kept_[written - 1] != '\n';
  kept_.erase(0, written);
  return kept_.empty();
}

bool FileSink::reopen() {
  if (path_ == "-") return true;
  int fresh = open_for_lines(path_);
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
