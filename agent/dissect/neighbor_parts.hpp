// SPDX-License-Identifier: Apache-2.0
// What Cisco's discovery protocol and Foundry's copy of it have in common: lists of addresses and
// capability bits.
#pragma once

#include "core/reader.hpp"
#include "dissect/emit.hpp"

namespace tapwarden {

/// A count, then for each address its protocol and its octets; IP addresses become
/// management_address.
void emit_neighbor_addresses(Reader tlv, Emit& emit);

/// 32 bits, of which the known ones become the words of `capabilities`.
void emit_neighbor_capabilities(Reader tlv, Emit& emit);

}  // namespace tapwarden
