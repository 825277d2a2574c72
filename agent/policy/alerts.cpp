// SPDX-License-Identifier: Apache-2.0
#include "policy/alerts.hpp"

#include <fmt/format.h>
#include <xxhash.h>

namespace tapwarden {

namespace {

std::string id_of(const Device& device, const Hit& hit) {
  std::string text =
      device.id + '|' + hit.policy->id + '|' + hit.entry->supplier + '|' + hit.entry->scope;
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

}  // namespace

Alert alert_of(const Device& device, const Hit& hit, Timestamp raised) {
  return {id_of(device, hit), hit.policy, hit.entry, device.id, raised};
}

Alerts::Alerts(const Policies& policies, JudgeSettings settings, OnRaised on_raised)
    : policies_(policies), settings_(std::move(settings)), on_raised_(std::move(on_raised)) {}

std::vector<Hit> Alerts::hits(const Device& device) const {
  // What a public host beyond a router is made by is nobody's business here.
  if (!device.verdict || device.verdict->grade < settings_.grade || device.role == Role::remote)
    return {};
  return policies_.hits(device.verdict->supplier, settings_.policies,
                        settings_.as_of.value_or(today()));
}

void Alerts::judge(Device& device) {
  std::vector<Hit> found = hits(device);
  device.is_flagged = !found.empty();
  for (const Hit& hit : found) {
    Alert alert = alert_of(device, hit, device.last_seen);
    if (raised_.contains(alert.id)) continue;
    if (raised_.size() >= settings_.alerts_max) {
      ++refused_;
      continue;
    }
    raised_[alert.id] = alert;
    on_raised_(alert, device);
  }
}

Date today() {
  return Date(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
}

}  // namespace tapwarden
