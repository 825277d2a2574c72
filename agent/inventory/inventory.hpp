// SPDX-License-Identifier: Apache-2.0
// Inventory: all devices, from observations. It belongs to the control thread. Tables are bounded;
// a flagged device gives way only when it is gone and its alerts are over, and after all others.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/observation.hpp"
#include "identify/knowledge.hpp"
#include "inventory/attribution.hpp"
#include "inventory/device.hpp"
#include "inventory/devices.hpp"
#include "inventory/identity.hpp"
#include "inventory/networks.hpp"

namespace tapwarden {

struct InventoryLimits {
  size_t devices = 65536;            ///< 16 to 16777216
  size_t claims_per_device = 64;     ///< 4 to 1024
  size_t addresses_per_device = 32;  ///< IP addresses, MAC addresses and names, each; 1 to 1024
  std::chrono::milliseconds absence =
      std::chrono::hours(24);  ///< of a device that is then said to have returned

  bool operator==(const InventoryLimits&) const = default;
};

class Inventory {
 public:
  struct Counters {
    uint64_t devices_evicted = 0;  ///< unflagged ones that gave way to newer ones
    uint64_t devices_refused = 0;  ///< new ones turned away because all others are to be kept
    uint64_t devices_joined = 0;   ///< two that proved to be one
    uint64_t claims_refused = 0;
    uint64_t addresses_refused = 0;  ///< addresses and names over a device's bound
    uint64_t bindings_refused = 0;
    uint64_t proofs_refused = 0;
  };
  /// Called when something that policies judge by has changed; sets Device::is_flagged as it sees
  /// fit.
  using OnChange = std::function<void(Device&)>;

  /// `tap_names` are those of the run: a device's id is made of them.
  Inventory(const Knowledge& knowledge, const InventoryLimits& limits, const Networks& networks,
            std::vector<std::string> tap_names, OnChange on_change);
  Inventory(const Inventory&) = delete;
  Inventory& operator=(const Inventory&) = delete;

  void observe(const Observation& observation);

  /// Takes a device from an earlier run, unless there is no room. Where this run has found the same
  /// one already it is that which stays, and was first seen when the other was.
  void restore(Device device);
  /// Which of the flagged ones need not be kept where there is no other to give way.
  template <typename IsOver>
  void mark_spent(IsOver&& is_over) {
    devices_.mark_spent(is_over);
  }
  /// Those not seen since then are gone, unless this is true of them.
  template <typename IsKept>
  void forget(Timestamp before, IsKept&& is_kept) {
    devices_.forget(
        [&](const Device& device) { return device.last_seen < before && !is_kept(device); });
  }
  /// Judges all anew, for the rules have changed.
  void judge_all();
  /// The same in parts: of all devices, and of one, if it is still there.
  std::vector<HostKey> keys() const;
  void judge(const HostKey& key);
  /// The clock was set by so much, to `now`: it is no absence of anybody's.
  void shift(std::chrono::nanoseconds time, Timestamp now);
  /// The seed of the proofs' hashes, which a store keeps with them.
  uint64_t seed() const { return identity_.seed(); }
  void set_seed(uint64_t seed) { identity_ = Identity(limits_.devices * 2, seed); }

  size_t size() const { return devices_.size(); }
  Counters counters() const;
  const Device* find(std::string_view id) const { return devices_.find(id); }
  const Device* find(const HostKey& key) const { return devices_.find(key); }
  /// Every device, flagged first, each part in the order of last change.
  template <typename Visit>
  void each(Visit&& visit) const {
    devices_.each(visit);
  }
  /// Hands out those that have changed since they were last handed out, at most so many, and
  /// whether their claims have.
  template <typename Visit>
  void each_unsaved(size_t devices_max, Visit&& visit) {
    devices_.each([&](Device& device) {
      if (device.is_saved || devices_max == 0) return;
      --devices_max;
      device.is_saved = true;
      visit(std::as_const(device), !std::exchange(device.are_claims_saved, true));
    });
  }
  /// What was handed out is lost.
  void forget_saved();

 private:
  Device* find_or_create(const HostKey& key, const Observation& observation);
  void take_next_hop(const HostKey& key, const Observation& observation);
  void begin(Device& device, const Observation& observation);
  void set_role(Device& device, Role role, const Reason& reason, const Observation& observation);
  Device* turn_into_router(Device& device, const Reason& reason, const Observation& observation);
  void evicted(const Device& device);

  void apply(Device& device, const Observation& observation, bool is_firm);
  void take_value(Device& device, const Observation& observation);
  bool add_address(Device& device, const IpAddress& ip, bool is_bound);
  void add_name(Device& device, std::string name);
  bool add_claim(Device& device, Evidence evidence);
  bool add_claims(Device& device, const Observation& observation, bool is_firm);
  void bind(Device& device, const Observation& observation);

  Device& recognise(Device& device, const Observation& observation);
  Device& recognise_by_mac(Device& device, MacWord word, const Observation& observation);
  Device& recognise_by_name(Device& device, const Observation& observation);
  std::string within_site(const Device& device, std::string proof) const;
  bool may_be_one(const Device& one, const Device& other) const;
  void forget_random_mac(Device& device);
  bool may_bear(const Device& device, const Mac& mac, const Observation& observation);
  Device& join(Device& one, Device& other, const Observation& proof);
  void absorb(Device& device, const HostKey& other);
  void merge(Device& device, Device&& other);
  void heard(Device& device, const Observation& observation);
  bool note_presence(Device& device, const Presence& presence);
  void remember(Device& device, const Device& gone);
  void changed(Device& device);

  const Knowledge& knowledge_;
  InventoryLimits limits_;
  const Networks& networks_;
  OnChange on_change_;
  Attribution attribution_;
  Identity identity_;
  Devices devices_;
  std::vector<Claim> claims_;  // scratch
  Counters counters_;
};

}  // namespace tapwarden
