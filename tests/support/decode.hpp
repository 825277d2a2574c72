// SPDX-License-Identifier: Apache-2.0
// Decodes one frame, from a heap block of just its size, and tells what became of it, for the tests
// in tests/decode.
#pragma once

#include <optional>
#include <string>

#include "decode/decode.hpp"
#include "support/dissect.hpp"

namespace tapwarden::test {

struct Decoded {
  Octets bytes;  // what packet.payload points into
  Packet packet;
  bool whole = false;
  Decoder::Counters counters;

  /// "decoded", or the one reason that was counted.
  std::string fate() const;
  Octets payload() const { return {packet.payload.begin(), packet.payload.end()}; }
};

/// `wire_size` 0: the frame is as long as on the wire.
Decoded decode(int link_type, const Octets& frame, uint32_t wire_size = 0);

/// Decodes every prefix of the frame. The prefixes shorter than `headers` must not be decoded, the
/// others must; and the counters must add up each time.
void every_cut(int link_type, const Octets& frame, size_t headers);

/// An IPv4 packet, UDP 4660 to 22136 with the payload "hello", from 192.0.2.1 to 192.0.2.2.
inline const Octets ipv4_hello =
    hex("45000021 00000000 40110000 c0000201 c0000202"
        "12345678 000d0000 68656c6c6f");
/// The same over IPv6, from 2001:db8::1 to 2001:db8::2.
inline const Octets ipv6_hello =
    hex("60000000 000d1140 20010db8000000000000000000000001 20010db8000000000000000000000002"
        "12345678 000d0000 68656c6c6f");
/// Target 00:00:5e:00:53:02 and source 00:00:5e:00:53:01, without a type.
inline const Octets ethernet_addresses = hex("00005e005302 00005e005301");

}  // namespace tapwarden::test
