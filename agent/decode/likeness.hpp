// SPDX-License-Identifier: Apache-2.0
// Likeness: whether octets that no header names can be an Ethernet frame or an IPv4 packet. For
// pseudowires and tunnels that leave it to configuration what is inside.
#pragma once

#include "core/reader.hpp"

namespace tapwarden {

/// There is a type behind two addresses that is met, and what follows it begins as it must.
bool looks_like_ethernet(Bytes octets);
/// A header with the right checksum.
bool looks_like_ipv4(Bytes octets);

}  // namespace tapwarden
