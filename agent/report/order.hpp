// SPDX-License-Identifier: Apache-2.0
// The order in which devices are shown: the same for the same inventory, however it came about.
#pragma once

#include <vector>

#include "inventory/inventory.hpp"

namespace tapwarden {

/// Flagged first, those by supplier; then by context and address, devices known by an IP alone
/// last.
std::vector<const Device*> in_order(const Inventory& inventory);

}  // namespace tapwarden
