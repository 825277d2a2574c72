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

AlertPlace place_of(const Context& context, std::span<const std::string> taps) {
  std::string site = context.tap < taps.size() ? taps[context.tap] : std::string();
  std::string name = "tap " + site;
  for (uint16_t vlan : context.vlans()) name += fmt::format(", VLAN {}", vlan);
  if (context.tunnel != Tunnel::none)
    name += fmt::format(", {} {}", to_string(context.tunnel), context.tunnel_id);
  return {std::move(name), std::move(site)};
}

std::string location_of(const Device& device) {
  if (device.location_switch.empty() && device.location_port.empty()) return {};
  return fmt::format("{} port {}", device.location_switch.empty() ? "?" : device.location_switch,
                     device.location_port.empty() ? "?" : device.location_port);
}

void learn_makers(AlertFacts& facts, const Device& device, const Hit& hit, News& news) {
  for (const Standing& one : standings(device, hit.aspect)) {
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
}

template <typename Visit>
void for_each_presence(const Device& device, Visit&& visit) {
  if (device.presences.empty()) visit(Presence{device.key.context, device.heard});
  std::ranges::for_each(device.presences, visit);
}

void learn_places(AlertFacts& facts, const Device& device, std::span<const std::string> taps,
                  News& news) {
  for_each_presence(device, [&](const Presence& presence) {
    AlertPlace place = place_of(presence.context, taps);
    auto known = std::ranges::find(facts.places, place.name, &AlertPlace::name);
    if (known != facts.places.end()) {
      known->site = place.site;  // a state of an earlier version does not have it
    } else if (facts.places.size() < AlertFacts::list_max) {
      news.changes.push_back("seen on " + place.name);
      facts.places.push_back(std::move(place));
    }
  });
}

/// The switch and port of a device that was heard in several places are told once.
void learn_location(const AlertFacts& facts, std::span<AlertPlace* const> places,
                    const Device& device, News& news) {
  std::string location = location_of(device);
  if (location.empty() || places.empty()) return;
  const AlertPlace& here = **std::ranges::max_element(places, {}, &AlertPlace::heard);
  if (location == here.location) return;
  bool is_known =
      std::ranges::find(facts.places, location, &AlertPlace::location) != facts.places.end();
  if (!here.location.empty())
    news.changes.push_back(fmt::format("moved from {} to {}", here.location, location));
  else if (!is_known)
    news.changes.push_back("at " + location);
  for (AlertPlace* place : places) place->location = location;
}

}  // namespace

std::vector<AlertPlace*> places_of(AlertFacts& facts, const Device& device,
                                   std::span<const std::string> taps) {
  std::vector<AlertPlace*> places;
  for_each_presence(device, [&](const Presence& presence) {
    auto found =
        std::ranges::find(facts.places, place_of(presence.context, taps).name, &AlertPlace::name);
    if (found == facts.places.end()) return;
    found->heard = std::max(found->heard, presence.heard);
    places.push_back(&*found);
  });
  return places;
}

News learn(AlertFacts& facts, const Device& device, const Hit& hit,
           std::span<const std::string> taps) {
  News news;
  learn_makers(facts, device, hit, news);
  learn_places(facts, device, taps, news);
  learn_location(facts, places_of(facts, device, taps), device, news);
  return news;
}

double certainty_of(const Device& device, const Hit& hit) {
  for (const Standing& one : standings(device, hit.aspect)) {
    if (one.maker == hit.entry->supplier) return one.certainty;
  }
  return 0;
}

}  // namespace tapwarden
