// SPDX-License-Identifier: Apache-2.0
// A disk that is full, for everybody who tests without root.
#pragma once

#include <sys/resource.h>

#include <csignal>
#include <stdexcept>

namespace tapwarden::test {

/// So long as it lives no file of this process grows beyond `size` octets.
class FullDisk {
 public:
  explicit FullDisk(rlim_t size) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit{size, before_.rlim_max};
    old_ = std::signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("no limit for files");
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, old_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*old_)(int) = SIG_DFL;
};

}  // namespace tapwarden::test
