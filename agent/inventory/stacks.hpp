// SPDX-License-Identifier: Apache-2.0
// Several systems at one address: what a translator of addresses (NAT, RFC 3022) looks like from
// outside, but also virtual machines in a host, a proxy and a machine that boots two systems. It is
// said, and proves nothing.
#pragma once

#include <chrono>
#include <vector>

#include "inventory/device.hpp"

namespace tapwarden {

/// Two names of systems contradict each other only when they are said so near to each other: an
/// address passes to another host.
inline constexpr std::chrono::minutes systems_window{10};

/// The claims that no one system makes together, in the order in which they were said; none where
/// one system speaks. Public hosts and redundancy addresses are many by nature.
std::vector<const Claim*> several_systems(const Device& device);

}  // namespace tapwarden
