// SPDX-License-Identifier: Apache-2.0
// When and where a device was heard.
#include <algorithm>

#include "inventory/inventory.hpp"

namespace tapwarden {

/// True where it is a new one. Where there are too many the one that was left longest ago gives
/// way.
bool Inventory::note_presence(Device& device, const Presence& presence) {
  auto& list = device.presences;
  auto known = std::ranges::find(list, presence.context, &Presence::context);
  if (known != list.end()) {
    known->heard = std::max(known->heard, presence.heard);
    return false;
  }
  if (list.size() >= limits_.addresses_per_device) {
    ++counters_.addresses_refused;
    list.erase(std::ranges::min_element(list, {}, &Presence::heard));
  }
  list.push_back(presence);
  return true;
}

/// The device was there at that time. One that had been gone is judged anew.
void Inventory::heard(Device& device, const Observation& observation) {
  Timestamp time = observation.time;
  bool is_elsewhere = note_presence(device, {observation.context, time});
  auto away = time - device.heard;
  device.last_seen = std::max(device.last_seen, time);
  device.heard = std::max(device.heard, time);
  device.is_saved = false;
  devices_.touch(device);
  bool is_back = away > limits_.absence;
  if (is_back) {
    device.returned = time;
    device.away = away;
  }
  if ((is_back && !device.evidence.empty()) || (is_elsewhere && device.is_flagged)) changed(device);
}

void Inventory::shift(std::chrono::nanoseconds time, Timestamp now) {
  devices_.each([&](Device& device) {
    device.shift(time);
    if (device.returned != Timestamp{}) device.returned += time;
    device.last_seen = std::min(device.last_seen, now);
  });
}

}  // namespace tapwarden
