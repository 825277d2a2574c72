// SPDX-License-Identifier: Apache-2.0
// Pace: how an outbox goes on after batches of which nothing was taken: with growing pauses, and
// with small batches once there were a few in a row, since it may be one of their records that has
// the others refused. They grow again as they are taken.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <random>

namespace tapwarden {

class Pace {
 public:
  using Clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::milliseconds;

  static constexpr unsigned same_batch_max = 3;  ///< in a row, then others are tried

  /// Pauses from the least to the most, doubled each time, give or take a fifth.
  Pace(milliseconds pause_min, milliseconds pause_max);

  /// After so many failures in a row, where the other side wishes for at least so much.
  milliseconds pause(unsigned failures, milliseconds wish);

  /// Something of a batch was taken; `full` is how many records batches have at most.
  void taken(size_t full);
  /// Nothing of this one.
  void failed(size_t batch, milliseconds wish);
  void hurry() { rest_until_ = {}; }

  Clock::time_point rest_until() const { return rest_until_; }
  /// While batches are small each begins behind the one before.
  bool is_probing() const { return batch_max_ != whole; }
  size_t batch_max(size_t full) const { return std::max<size_t>(1, std::min(full, batch_max_)); }

 private:
  static constexpr size_t whole = static_cast<size_t>(-1);

  milliseconds pause_min_;
  milliseconds pause_max_;
  std::minstd_rand random_;
  unsigned failures_ = 0;  // in a row
  Clock::time_point rest_until_{};
  size_t batch_max_ = whole;
};

}  // namespace tapwarden
