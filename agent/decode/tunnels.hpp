// SPDX-License-Identifier: Apache-2.0
// What the readers of tunnels have in common. Each takes the outer packet's payload, and makes the
// inner packet as soon as it is sure of its own header.
#pragma once

#include <optional>

#include "decode/decode.hpp"

namespace tapwarden {

using Result = std::optional<Undecoded>;

/// What is inside, as its own packet: same frame, same tap, a context of its own.
Packet inside(const Packet& outer, Tunnel tunnel, uint32_t id);

Result inner_ethernet(Reader& reader, Packet& inner);
/// By its version; Undecoded::tunnel where it has none.
Result inner_ip(Reader& reader, Packet& inner);

// Tunnels of access networks (tunnel_access.cpp).

/// L2TP version 2 (RFC 2661) and 3 (RFC 3931) over UDP.
Result l2tp(Reader& reader, const Packet& outer, Packet& inner);
/// L2TP version 3 over IP (RFC 3931, section 4.1.1).
Result l2tp_over_ip(Reader& reader, const Packet& outer, Packet& inner);
/// CAPWAP data (RFC 5415, section 4): an 802.3 frame, or an 802.11 one where the T flag says so.
Result capwap_data(Reader& reader, const Packet& outer, Packet& inner);
/// LWAPP data (RFC 5412, section 4): an 802.11 frame.
Result lwapp_data(Reader& reader, const Packet& outer, Packet& inner);

}  // namespace tapwarden
