// SPDX-License-Identifier: Apache-2.0
// Ring: a bounded queue between exactly one producer and one consumer thread, without locks and
// without allocation after it was made.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <new>
#include <type_traits>
#include <vector>

namespace tapwarden {

template <typename Value>
class Ring {
  static_assert(std::is_trivially_copyable_v<Value>);

 public:
  /// Holds at least `size` values; rounded up to a power of two.
  explicit Ring(size_t size) : slots_(std::bit_ceil(size)) {}

  /// False when full: the producer counts it.
  bool push(const Value& value) {
    size_t head = head_.load(std::memory_order_relaxed);
    if (head - tail_seen_ == slots_.size()) {
      tail_seen_ = tail_.load(std::memory_order_acquire);
      if (head - tail_seen_ == slots_.size()) return false;
    }
    slots_[head & (slots_.size() - 1)] = value;
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  /// Calls `take` with the oldest value, in place; false when empty.
  template <typename Take>
  bool pop(Take&& take) {
    size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail == head_seen_) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail == head_seen_) return false;
    }
    take(static_cast<const Value&>(slots_[tail & (slots_.size() - 1)]));
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

 private:
  static constexpr size_t line = 64;  // so that the two threads do not share cache lines
  std::vector<Value> slots_;
  alignas(line) std::atomic<size_t> head_{0};
  size_t tail_seen_ = 0;  // the producer's last look at tail_
  alignas(line) std::atomic<size_t> tail_{0};
  size_t head_seen_ = 0;  // the consumer's last look at head_
};

}  // namespace tapwarden
