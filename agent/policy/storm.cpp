// SPDX-License-Identifier: Apache-2.0
#include "policy/storm.hpp"

#include <algorithm>
#include <utility>

namespace tapwarden {

void Storm::Bucket::fill(size_t burst, size_t rate, Clock::time_point now) {
  if (filled != Clock::time_point{} && now > filled) {
    double minutes = std::chrono::duration<double, std::ratio<60>>(now - filled).count();
    tokens = std::min(tokens + minutes * static_cast<double>(rate), static_cast<double>(burst));
  }
  filled = now;
}

bool Storm::admits(const Alert& alert, const AlertEvent& event, Clock::time_point now) {
  Bucket& own = policies_.try_emplace(alert.policy, settings_.policy_burst).first->second;
  own.fill(settings_.policy_burst, settings_.policy_rate, now);
  all_.fill(settings_.burst, settings_.rate, now);
  bool own_admits = settings_.policy_burst == 0 || own.tokens >= 1;
  bool all_admits = settings_.burst == 0 || all_.tokens >= 1;
  if (!own_admits || !all_admits) {
    if (!digest_) begun_ = now;
    hold(alert, event);
    return false;
  }
  own.tokens -= 1;
  all_.tokens -= 1;
  return true;
}

void Storm::hold(const Alert& alert, const AlertEvent& event) {
  if (!digest_) digest_.emplace().from = event.time;
  ++held_;
  ++digest_->count;
  ++digest_->policies[alert.policy];
  if (std::ranges::find(digest_->alerts, alert.id) != digest_->alerts.end()) return;
  if (digest_->alerts.size() < Digest::alerts_max)
    digest_->alerts.push_back(alert.id);
  else
    ++digest_->alerts_omitted;
}

std::optional<Digest> Storm::due(Clock::time_point now, Timestamp time) {
  if (!digest_ || now - begun_ < settings_.digest) return std::nullopt;
  return rest(time);
}

std::optional<Digest> Storm::rest(Timestamp time) {
  if (digest_) digest_->to = time;
  return std::exchange(digest_, std::nullopt);
}

}  // namespace tapwarden
