// SPDX-License-Identifier: Apache-2.0
// Devices: the bounded table of devices, found by any of their keys. When it is full the unflagged
// one that was seen longest ago gives way; where there is none a spent one does, to another that is
// flagged and to no other.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/refusals.hpp"
#include "inventory/device.hpp"

namespace tapwarden {

class Devices {
 public:
  /// Called before a device is gone for good.
  using OnEvict = std::function<void(const Device&)>;

  /// `tap_names` are those of the run: a device's id is made of them.
  Devices(size_t devices_max, std::vector<std::string> tap_names, OnEvict on_evict);

  size_t size() const { return flagged_.size() + spent_.size() + unflagged_.size(); }
  uint64_t evicted() const { return evicted_; }
  uint64_t refused() const { return refused_.count(); }

  Device* find(const HostKey& key);
  const Device* find(std::string_view id) const;
  const Device* find(const HostKey& key) const;
  /// A new device with its key and id; null when all others are to be kept (counted).
  Device* add(const HostKey& key);
  /// A new device was judged for the first time. Where all others are flagged a spent one gives way
  /// to it if it is flagged too; otherwise it is turned away (counted) and gone: false.
  bool settle(Device& device);
  /// A device as it was in an earlier run, seen before all that are here: the last seen comes
  /// first; null as add() gives, and where one of its keys is taken.
  Device* restore(Device device);
  /// One more key of the device; nothing when another device has it.
  void alias(Device& device, const HostKey& key);
  /// Not a key of the device any more.
  void release(Device& device, const HostKey& alias);
  /// It was seen just now: it gives way last, and is spent no more.
  void touch(Device& device);
  /// Puts the device among the flagged or the others, as its is_flagged says now.
  void sort_in(Device& device, bool was_flagged);
  /// Takes the device out and gives it away; its keys are free.
  Device take(Device& device);

  /// Which of the flagged ones are spent.
  template <typename IsOver>
  void mark_spent(IsOver&& is_over) {
    auto move_over = [&](List& source, List& target, bool is_spent) {
      for (auto next = source.begin(); next != source.end();) {
        auto place = next++;
        if (is_over(std::as_const(*place)) != is_spent) continue;
        place->is_spent = is_spent;
        target.splice(target.end(), source, place);
      }
    };
    move_over(flagged_, spent_, true);
    move_over(spent_, flagged_, false);
  }
  /// Those of which this is true are gone for good.
  template <typename IsGone>
  void forget(IsGone&& is_gone) {
    for (List* list : {&flagged_, &spent_, &unflagged_}) {
      for (auto next = list->begin(); next != list->end();) {
        auto place = next++;
        if (is_gone(std::as_const(*place))) remove(*list, place);
      }
    }
  }

  /// Every device, flagged first, each part in the order in which it was last seen.
  template <typename Visit>
  void each(Visit&& visit) {
    for (List* list : {&flagged_, &spent_, &unflagged_}) {
      for (Device& device : *list) visit(device);
    }
  }
  template <typename Visit>
  void each(Visit&& visit) const {
    for (const List* list : {&flagged_, &spent_, &unflagged_}) {
      for (const Device& device : *list) visit(device);
    }
  }

 private:
  using List = std::list<Device>;  // the one seen longest ago in front

  bool make_room(const HostKey& key);
  List& list_of(const Device& device);
  void remove(List& list, List::iterator place);
  void release_keys(const Device& device);
  std::string id_of(const HostKey& key) const;

  size_t devices_max_;
  std::vector<std::string> tap_names_;
  OnEvict on_evict_;
  List flagged_;
  List spent_;
  List unflagged_;
  boost::unordered_flat_map<HostKey, List::iterator, HostKeyHash> index_;
  boost::unordered_flat_map<std::string, List::iterator> ids_;
  uint64_t evicted_ = 0;
  Refusals<HostKey, HostKeyHash> refused_;
};

}  // namespace tapwarden
