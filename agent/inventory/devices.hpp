// SPDX-License-Identifier: Apache-2.0
// Devices: the bounded table of devices, found by any of their keys. When it is full the unflagged
// one that was seen longest ago gives way; a flagged device never does.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/device.hpp"

namespace tapwarden {

class Devices {
 public:
  /// Called before a device is gone for good.
  using OnEvict = std::function<void(const Device&)>;

  /// `tap_names` are those of the run: a device's id is made of them.
  Devices(size_t devices_max, std::vector<std::string> tap_names, OnEvict on_evict);

  size_t size() const { return flagged_.size() + unflagged_.size(); }
  uint64_t evicted() const { return evicted_; }
  uint64_t refused() const { return refused_; }

  Device* find(const HostKey& key);
  const Device* find(std::string_view id) const;
  const Device* find(const HostKey& key) const;
  /// A new device with its key and id; null when all others are flagged (counted).
  Device* add(const HostKey& key);
  /// A device as it was in an earlier run; null as add() gives, and where one of its keys is taken.
  Device* restore(Device device);
  /// One more key of the device; nothing when another device has it.
  void alias(Device& device, const HostKey& key);
  /// Not a key of the device any more.
  void release(Device& device, const HostKey& alias);
  /// It was seen just now: it gives way last.
  void touch(Device& device);
  /// Puts the device among the flagged or the others, as its is_flagged says now.
  void sort_in(Device& device, bool was_flagged);
  /// Takes the device out and gives it away; its keys are free.
  Device take(Device& device);

  /// Every device, flagged first, each part in the order in which it was last seen.
  template <typename Visit>
  void each(Visit&& visit) {
    for (Device& device : flagged_) visit(device);
    for (Device& device : unflagged_) visit(device);
  }
  template <typename Visit>
  void each(Visit&& visit) const {
    for (const Device& device : flagged_) visit(device);
    for (const Device& device : unflagged_) visit(device);
  }

 private:
  using List = std::list<Device>;  // the one seen longest ago in front

  bool make_room();
  void release_keys(const Device& device);
  std::string id_of(const HostKey& key) const;

  size_t devices_max_;
  std::vector<std::string> tap_names_;
  OnEvict on_evict_;
  List flagged_;
  List unflagged_;
  boost::unordered_flat_map<HostKey, List::iterator, HostKeyHash> index_;
  boost::unordered_flat_map<std::string, List::iterator> ids_;
  uint64_t evicted_ = 0;
  uint64_t refused_ = 0;
};

}  // namespace tapwarden
