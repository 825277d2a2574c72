// SPDX-License-Identifier: Apache-2.0
// Inventory: all devices, from observations. It belongs to the control thread. Tables are bounded;
// a flagged device is never evicted to make room.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "core/observation.hpp"
#include "identify/knowledge.hpp"
#include "inventory/attribution.hpp"
#include "inventory/device.hpp"

namespace tapwarden {

struct InventoryLimits {
  size_t devices = 65536;            ///< 16 to 16777216
  size_t claims_per_device = 64;     ///< 4 to 1024
  size_t addresses_per_device = 32;  ///< IP addresses, MAC addresses and names, each; 1 to 1024

  bool operator==(const InventoryLimits&) const = default;
};

class Inventory {
 public:
  struct Counters {
    uint64_t devices_evicted = 0;  ///< unflagged ones that gave way to newer ones
    uint64_t devices_refused = 0;  ///< new ones turned away because all others are flagged
    uint64_t claims_refused = 0;
    uint64_t addresses_refused = 0;  ///< addresses and names over a device's bound
    uint64_t bindings_refused = 0;
  };
  /// Called when something that policies judge by has changed; sets Device::is_flagged as it sees
  /// fit.
  using OnChange = std::function<void(Device&)>;

  /// `tap_names` are those of the run: a device's id is made of them.
  Inventory(const Knowledge& knowledge, const InventoryLimits& limits,
            std::vector<std::string> tap_names, OnChange on_change);

  void observe(const Observation& observation);

  size_t size() const { return index_.size(); }
  Counters counters() const;
  /// Every device, flagged first, each part in the order of last change.
  template <typename Visit>
  void each(Visit&& visit) const {
    for (const Device& device : flagged_) visit(device);
    for (const Device& device : unflagged_) visit(device);
  }

 private:
  using Devices = std::list<Device>;  // the one seen longest ago in front

  Device* find(const HostKey& key);
  Device* find_or_create(const HostKey& key, const Observation& observation);
  bool make_room();
  void touch(Device& device);
  void apply(Device& device, const Observation& observation, bool is_firm);
  bool add_address(Device& device, const IpAddress& ip, bool is_bound);
  bool add_claim(Device& device, Evidence evidence);
  bool add_claims(Device& device, const Observation& observation, bool is_firm);
  void bind(Device& device, const Observation& observation);
  Device* turn_into_router(Device& device);
  void absorb(Device& device, const HostKey& other);
  void changed(Device& device);
  std::string id_of(const HostKey& key) const;

  const Knowledge& knowledge_;
  InventoryLimits limits_;
  std::vector<std::string> tap_names_;
  OnChange on_change_;
  Attribution attribution_;
  Devices flagged_;
  Devices unflagged_;
  boost::unordered_flat_map<HostKey, Devices::iterator, HostKeyHash> index_;
  std::vector<Claim> claims_;  // scratch
  Counters counters_;
};

}  // namespace tapwarden
