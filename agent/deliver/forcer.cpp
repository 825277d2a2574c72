// SPDX-License-Identifier: Apache-2.0
#include "deliver/forcer.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace tapwarden {

void Forcer::add(std::shared_ptr<const OpenFile> file, Failures failures, bool is_directory) {
  std::lock_guard lock(mutex_);
  auto is_same = [&](const Named& one) { return one.file == file; };
  if (std::ranges::none_of(named_, is_same))
    named_.push_back({std::move(file), std::move(failures), is_directory});
}

bool Forcer::is_wanted() const {
  std::lock_guard lock(mutex_);
  return !named_.empty();
}

void Forcer::force() {
  std::vector<Named> named;
  {
    std::lock_guard lock(mutex_);
    named.swap(named_);
  }
  for (const Named& one : named) {
    int file = one.file->get();
    if ((one.is_directory ? ::fsync(file) : ::fdatasync(file)) != 0) ++*one.failures;
  }
}

}  // namespace tapwarden
