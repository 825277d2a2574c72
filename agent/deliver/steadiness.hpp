// SPDX-License-Identifier: Apache-2.0
// Steadiness: what is told of a thing that is now well, now ill. It is ill at once, and well again
// when it was well for a while without a break. Each time that this was told too early the while is
// doubled: what is told may itself be what breaks it.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace tapwarden {

class Steadiness {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr int times_max = 64;  ///< as long as the first while

  explicit Steadiness(Clock::duration calm) : calm_min_(calm), calm_(calm) {}

  bool is_well() const { return is_well_; }

  /// What was seen of it. Whether there is something to tell.
  bool note(bool is_well, Clock::time_point now) {
    if (is_well) {
      if (!is_well_ && !well_since_) well_since_ = now;
      return pass(now);
    }
    well_since_.reset();
    if (!is_well_) return false;
    bool was_early = told_well_ && now - *told_well_ < calm_;
    calm_ = was_early ? std::min(calm_ * 2, calm_min_ * times_max) : calm_min_;
    is_well_ = false;
    return true;
  }
  /// The same where time alone has passed.
  bool pass(Clock::time_point now) {
    if (is_well_ || now < due()) return false;
    well_since_.reset();
    told_well_ = now;
    return is_well_ = true;
  }
  /// When it is well if nothing happens until then; Clock::time_point::max() is never.
  Clock::time_point due() const {
    return well_since_ ? *well_since_ + calm_ : Clock::time_point::max();
  }

 private:
  Clock::duration calm_min_;
  Clock::duration calm_;
  bool is_well_ = true;
  std::optional<Clock::time_point> well_since_;  // while it is ill still
  std::optional<Clock::time_point> told_well_;
};

}  // namespace tapwarden
