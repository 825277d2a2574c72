// SPDX-License-Identifier: Apache-2.0
// The hash by which one direction between two ports is found again.
#pragma once

#include <cstdint>

#include "decode/packet.hpp"

namespace tapwarden {

/// Never 0. The seed is of this run alone, so that nobody can choose who collides.
uint64_t flow_hash(const Packet& packet, uint64_t seed);

}  // namespace tapwarden
