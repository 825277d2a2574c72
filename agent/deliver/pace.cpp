// SPDX-License-Identifier: Apache-2.0
#include "deliver/pace.hpp"

#include "core/seed.hpp"

namespace tapwarden {

namespace {

// However long the other side wishes us away.
constexpr std::chrono::milliseconds kWishMax = std::chrono::hours(1);

}  // namespace

Pace::Pace(milliseconds pause_min, milliseconds pause_max)
    : pause_min_(pause_min),
      pause_max_(pause_max),
      random_(static_cast<std::minstd_rand::result_type>(random_seed())) {}

Pace::milliseconds Pace::pause(unsigned failures, milliseconds wish) {
  milliseconds pause = pause_min_;
  for (unsigned i = 1; i < failures && pause < pause_max_; ++i) pause *= 2;
  pause = std::min(pause, pause_max_);
  std::uniform_real_distribution<double> jitter(0.8, 1.2);
  pause = milliseconds(static_cast<int64_t>(static_cast<double>(pause.count()) * jitter(random_)));
  return std::max(pause, std::min(wish, std::max(pause_max_, kWishMax)));
}

void Pace::taken(size_t full) {
  failures_ = 0;
  rest_until_ = {};
  if (is_probing()) batch_max_ = batch_max_ < full / 2 ? batch_max_ * 2 : whole;
}

// To one at once, not by halves: an outage is probed with little, and of two records that are tried
// alone one is good, unless most are not.
void Pace::failed(size_t batch, milliseconds wish) {
  ++failures_;
  rest_until_ = Clock::now() + pause(failures_, wish);
  if (failures_ >= same_batch_max)
    batch_max_ = 1;
  else if (is_probing())
    batch_max_ = std::max<size_t>(1, batch / 2);
}

}  // namespace tapwarden
