// SPDX-License-Identifier: Apache-2.0
#include "policy/judge.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <iterator>

#include "inventory/attribution.hpp"
#include "inventory/verdict.hpp"

namespace tapwarden {

std::vector<Hit> hits(const Policies& policies, const JudgeSettings& settings,
                      const Device& device) {
  // What a public host beyond a router is made by is nobody's business here.
  if (device.role == Role::remote) return {};
  std::vector<Hit> hits;
  Date day = settings.as_of.value_or(today());
  auto judge = [&](Aspect aspect, const std::string& supplier, Grade grade) {
    for (Hit hit : policies.hits(supplier, settings.policies, day)) {
      bool is_meant = std::ranges::find(hit.entry->aspects, aspect) != hit.entry->aspects.end();
      auto is_same = [&](const Hit& one) { return one.entry == hit.entry; };
      if (!is_meant || grade < hit.entry->grade.value_or(settings.grade) ||
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

std::vector<std::string> subjects(const Device& device) {
  std::vector<std::string> subjects;
  auto add = [&](const HostKey& key) {
    bool is_lasting = key.mac && !key.mac.is_local() && !key.mac.is_group() && !is_virtual(key.mac);
    if (!is_lasting) return;
    std::string name = to_string(key.mac);
    if (std::ranges::find(subjects, name) == subjects.end()) subjects.push_back(std::move(name));
  };
  add(device.key);
  std::ranges::for_each(device.aliases, add);
  subjects.push_back(device.id);
  std::ranges::copy(device.former_ids, std::back_inserter(subjects));
  return subjects;
}

std::string alert_id(std::string_view sensor, std::string_view subject, const Hit& hit) {
  std::string text =
      fmt::format("{}|{}|{}|{}", subject, hit.policy->id, hit.entry->supplier, hit.entry->scope);
  if (!sensor.empty()) text = fmt::format("{}|{}", sensor, text);
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

Date today() {
  return Date(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
}

Timestamp end_of(Date day) {
  return std::chrono::sys_days(day) + std::chrono::days(1) - std::chrono::nanoseconds(1);
}

}  // namespace tapwarden
