// SPDX-License-Identifier: Apache-2.0
// Refusals: how many a full table has turned away. One that comes again and again is counted once,
// as far as a bounded memory goes: then it starts over.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>

namespace tapwarden {

template <typename Key, typename Hash = boost::hash<Key>>
class Refusals {
 public:
  static constexpr size_t remembered_max = 1 << 16;

  void add(const Key& key) {
    if (known_.contains(key)) return;
    if (known_.size() >= remembered_max) known_.clear();
    known_.insert(key);
    ++count_;
  }
  uint64_t count() const { return count_; }

 private:
  boost::unordered_flat_set<Key, Hash> known_;
  uint64_t count_ = 0;
};

}  // namespace tapwarden
