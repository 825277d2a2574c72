// SPDX-License-Identifier: Apache-2.0
// How an inventory goes on where an earlier run has ended: devices come back, and time in which
// nobody listened makes none of them absent.
#include <algorithm>

#include "inventory/inventory.hpp"

namespace tapwarden {

void Inventory::restore(Device given) {
  Device* known = devices_.find(given.key);
  if (known != nullptr && known->id == given.id) {
    for (const HostKey& alias : given.aliases) devices_.alias(*known, alias);
    remember(*known, given);
    merge(*known, std::move(given));
    return changed(*known);
  }
  given.returned = {};  // that run has told it
  Device* device = devices_.restore(std::move(given));
  if (device == nullptr) return;
  identity_.restore(*device);
  auto bind = [&](const HostKey& key) {
    if (!key.mac) return;
    for (const DeviceAddress& address : device->addresses) {
      if (address.is_bound) attribution_.bind(key.context, address.ip, key.mac);
    }
  };
  bind(device->key);
  std::ranges::for_each(device->aliases, bind);
  changed(*device);
  device->is_saved = device->are_claims_saved = true;
}

void Inventory::forget_saved() {
  devices_.each([](Device& device) { device.is_saved = device.are_claims_saved = false; });
}

}  // namespace tapwarden
