// SPDX-License-Identifier: Apache-2.0
#include "inventory/devices.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

namespace tapwarden {

Devices::Devices(size_t devices_max, std::vector<std::string> tap_names, OnEvict on_evict)
    : devices_max_(devices_max), tap_names_(std::move(tap_names)), on_evict_(std::move(on_evict)) {}

Device* Devices::find(const HostKey& key) {
  auto found = index_.find(key);
  return found == index_.end() ? nullptr : &*found->second;
}

const Device* Devices::find(std::string_view id) const {
  auto found = ids_.find(std::string(id));
  return found == ids_.end() ? nullptr : &*found->second;
}

const Device* Devices::find(const HostKey& key) const {
  auto found = index_.find(key);
  return found == index_.end() ? nullptr : &*found->second;
}

Device* Devices::add(const HostKey& key) {
  bool may_be_flagged = unflagged_.empty() && !spent_.empty();  // settle() tells
  if (!may_be_flagged && !make_room(key)) return nullptr;
  Device& device = unflagged_.emplace_back();
  index_[key] = std::prev(unflagged_.end());
  device.key = key;
  device.id = id_of(key);
  ids_[device.id] = std::prev(unflagged_.end());
  return &device;
}

Device* Devices::restore(Device device) {
  auto is_taken = [&](const HostKey& key) { return index_.contains(key); };
  if (ids_.contains(device.id) || is_taken(device.key) ||
      std::ranges::any_of(device.aliases, is_taken) || !make_room(device.key))
    return nullptr;
  device.is_flagged = device.is_spent = false;
  Device& kept = unflagged_.emplace_front(std::move(device));
  List::iterator place = unflagged_.begin();
  index_[kept.key] = place;
  ids_[kept.id] = place;
  for (const HostKey& alias : kept.aliases) index_[alias] = place;
  return &kept;
}

bool Devices::make_room(const HostKey& key) {
  if (size() < devices_max_) return true;
  List& list = unflagged_.empty() ? spent_ : unflagged_;
  if (list.empty()) {
    refused_.add(key);
    return false;
  }
  ++evicted_;
  remove(list, list.begin());
  return true;
}

bool Devices::settle(Device& device) {
  if (size() <= devices_max_) return true;
  if (device.is_flagged) {
    ++evicted_;
    remove(spent_, spent_.begin());
    return true;
  }
  refused_.add(device.key);
  remove(unflagged_, index_.find(device.key)->second);
  return false;
}

Devices::List& Devices::list_of(const Device& device) {
  if (!device.is_flagged) return unflagged_;
  return device.is_spent ? spent_ : flagged_;
}

void Devices::remove(List& list, List::iterator place) {
  on_evict_(*place);
  release_keys(*place);
  list.erase(place);
}

void Devices::release_keys(const Device& device) {
  index_.erase(device.key);
  ids_.erase(device.id);
  for (const HostKey& alias : device.aliases) index_.erase(alias);
}

void Devices::alias(Device& device, const HostKey& key) {
  auto [place, is_new] = index_.try_emplace(key, List::iterator());
  if (!is_new) return;
  place->second = index_.find(device.key)->second;
  device.aliases.push_back(key);
}

void Devices::release(Device& device, const HostKey& alias) {
  if (std::erase(device.aliases, alias) != 0) index_.erase(alias);
}

void Devices::touch(Device& device) {
  if (device.is_flagged && !device.is_spent) return;
  List& source = list_of(device);
  device.is_spent = false;
  List& target = list_of(device);
  target.splice(target.end(), source, index_.find(device.key)->second);
}

void Devices::sort_in(Device& device, bool was_flagged) {
  if (device.is_flagged == was_flagged) return;
  List& source = !was_flagged ? unflagged_ : device.is_spent ? spent_ : flagged_;
  device.is_spent = false;
  List& target = list_of(device);
  target.splice(target.end(), source, index_.find(device.key)->second);
}

Device Devices::take(Device& device) {
  List::iterator place = index_.find(device.key)->second;
  List& list = list_of(device);
  release_keys(device);
  Device taken = std::move(device);
  list.erase(place);
  return taken;
}

std::string Devices::id_of(const HostKey& key) const {
  std::string text = key.context.tap < tap_names_.size() ? tap_names_[key.context.tap] : "";
  for (uint16_t vlan : key.context.vlans()) text += fmt::format("|{}", vlan);
  if (key.context.tunnel != Tunnel::none) {
    text += fmt::format("|{} {}", to_string(key.context.tunnel), key.context.tunnel_id);
  }
  text += '|';
  text += key.mac ? to_string(key.mac) : to_string(key.ip);
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

}  // namespace tapwarden
