// SPDX-License-Identifier: Apache-2.0
#include "policy/alerts.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "inventory/verdict.hpp"

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
  if (device.role == Role::remote) return {};
  std::vector<Hit> hits;
  Date day = settings_.as_of.value_or(today());
  auto judge = [&](Aspect aspect, const std::string& supplier, Grade grade) {
    for (Hit hit : policies_.hits(supplier, settings_.policies, day)) {
      bool is_meant = std::ranges::find(hit.entry->aspects, aspect) != hit.entry->aspects.end();
      auto is_same = [&](const Hit& one) { return one.entry == hit.entry; };
      if (!is_meant || grade < hit.entry->grade.value_or(settings_.grade) ||
          std::ranges::any_of(hits, is_same)) {
        continue;
      }
      hit.aspect = aspect;
      hits.push_back(hit);
    }
  };
  if (device.verdict) judge(Aspect::platform, device.verdict->supplier, device.verdict->grade);
  for (Aspect aspect : {Aspect::brand, Aspect::component, Aspect::client}) {
    for (const Standing& one : standings(device, aspect)) {
      if (one.is_supplier) judge(aspect, one.maker, grade_of(one.certainty));
    }
  }
  return hits;
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
