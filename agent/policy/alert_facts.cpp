// SPDX-License-Identifier: Apache-2.0
#include "policy/alert_facts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "inventory/verdict.hpp"

namespace tapwarden {

bool add_to(std::vector<std::string>& list, std::string_view text) {
  if (std::ranges::find(list, text) != list.end() || list.size() >= AlertFacts::list_max)
    return false;
  list.emplace_back(text);
  return true;
}

namespace {

std::string place_of(const Device& device, std::string_view tap) {
  std::string place = fmt::format("tap {}", tap);
  for (uint16_t vlan : device.key.context.vlans()) place += fmt::format(", VLAN {}", vlan);
  if (device.key.context.tunnel != Tunnel::none) {
    place +=
        fmt::format(", {} {}", to_string(device.key.context.tunnel), device.key.context.tunnel_id);
  }
  return place;
}

std::string location_of(const Device& device) {
  if (device.location_switch.empty() && device.location_port.empty()) return {};
  return fmt::format("{} port {}", device.location_switch.empty() ? "?" : device.location_switch,
                     device.location_port.empty() ? "?" : device.location_port);
}

}  // namespace

News learn(AlertFacts& facts, const Device& device, const Hit& hit, std::string_view tap) {
  News news;
  std::string place = place_of(device, tap);
  std::vector<Standing> makers = standings(device, hit.aspect);
  for (const Standing& one : makers) {
    if (one.maker == hit.entry->supplier) {
      Grade grade = grade_of(one.certainty);
      if (grade > facts.grade) {
        news.changes.push_back(
            fmt::format("grade {} to {}", to_string(facts.grade), to_string(grade)));
        facts.grade = grade;
      }
      for (const Witness& witness : one.witnesses) {
        if (add_to(facts.witnesses, witness.name))
          news.changes.push_back(fmt::format("further evidence: {}", witness.name));
      }
    } else if (grade_of(one.certainty) >= Grade::probable && add_to(facts.rivals, one.maker)) {
      news.contradictions.push_back(fmt::format("something speaks for {}", one.maker));
    }
  }
  if (add_to(facts.places, place)) news.changes.push_back("seen on " + place);
  std::string location = location_of(device);
  if (!location.empty() && location != facts.location) {
    news.changes.push_back(facts.location.empty()
                               ? "at " + location
                               : fmt::format("moved from {} to {}", facts.location, location));
    facts.location = std::move(location);
  }
  return news;
}

}  // namespace tapwarden
