// SPDX-License-Identifier: Apache-2.0
#include "policy/storm.hpp"

#include <algorithm>
#include <tuple>
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
    if (digest_.empty()) begun_ = now;
    hold(alert, event);
    return false;
  }
  own.tokens -= 1;
  all_.tokens -= 1;
  return true;
}

void Storm::hold(const Alert& alert, const AlertEvent& event) {
  ++held_;
  auto [found, is_new] = digest_.try_emplace(alert.id);
  Held& held = found->second;
  if (is_new) held = {event.time, alert.id, event.id, alert.policy, alert.severity};
  held.severity = std::max(held.severity, alert.severity);
  ++held.count;
}

std::vector<Digest> Storm::due(Clock::time_point now, Timestamp time) {
  if (digest_.empty() || now - begun_ < settings_.digest) return {};
  return rest(time);
}

/// In the order of their first events, so that after a crash they are parted in the same way.
std::vector<Digest> Storm::rest(Timestamp time) {
  std::vector<Held> all;
  for (auto& [id, held] : digest_) all.push_back(std::move(held));
  digest_.clear();
  std::ranges::sort(all, {}, [](const Held& held) { return std::tie(held.from, held.alert); });
  std::vector<Digest> digests;
  for (Held& held : all) {
    if (digests.empty() || digests.back().alerts.size() == Digest::alerts_max)
      digests.push_back({.first = held.first, .from = held.from, .to = time});
    Digest& digest = digests.back();
    digest.severity = std::max(digest.severity, held.severity);
    digest.count += held.count;
    digest.policies[held.policy] += held.count;
    digest.alerts.push_back(std::move(held.alert));
  }
  return digests;
}

}  // namespace tapwarden
