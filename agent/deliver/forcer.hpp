// SPDX-License-Identifier: Apache-2.0
// Forcer: files whose content is to be on the disk before anything is said that rests on it. They
// are named on one thread and forced on another, so that a slow disk holds up nobody else.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "deliver/open_file.hpp"

namespace tapwarden {

class Forcer {
 public:
  using Failures = std::shared_ptr<std::atomic<uint64_t>>;

  /// What was written to it so far is forced by the next force(), also when it is closed or removed
  /// meanwhile; once, however often it is named. `failures` counts when the disk refuses.
  void add(std::shared_ptr<const OpenFile> file, Failures failures, bool is_directory = false);
  bool is_wanted() const;  ///< something was named since
  void force();            ///< returns when the disk has them all, or has refused

 private:
  struct Named {
    std::shared_ptr<const OpenFile> file;
    Failures failures;
    bool is_directory;
  };
  mutable std::mutex mutex_;
  std::vector<Named> named_;
};

}  // namespace tapwarden
