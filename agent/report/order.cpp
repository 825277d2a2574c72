// SPDX-License-Identifier: Apache-2.0
#include "report/order.hpp"

#include <algorithm>
#include <tuple>

namespace tapwarden {

std::vector<const Device*> in_order(const Inventory& inventory) {
  std::vector<const Device*> devices;
  devices.reserve(inventory.size());
  inventory.each([&](const Device& device) { devices.push_back(&device); });
  auto rank = [](const Device* device) {
    std::string_view supplier;
    if (device->is_flagged && device->verdict) supplier = device->verdict->supplier;
    return std::tuple(!device->is_flagged, supplier, device->key.context, !device->key.mac,
                      device->key.mac, device->key.ip);
  };
  std::ranges::sort(devices, {}, rank);
  return devices;
}

}  // namespace tapwarden
