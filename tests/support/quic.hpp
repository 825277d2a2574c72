// SPDX-License-Identifier: Apache-2.0
// QUIC Initial packets as a client seals them, and the example of RFC 9001.
#pragma once

#include "support/dissect.hpp"

namespace tapwarden::test {

/// The packet of RFC 9001, appendix A.2, whole: it asks for example.com.
const Octets& quic_example();
/// The ClientHello in it, with the head of its message.
Octets quic_example_hello();

struct QuicPacket {
  Octets frames;
  uint32_t version = 1;
  uint32_t number = 2;
  Octets connection_id = hex("8394c8f03e515708");  // that of the example
  Octets token{};
  uint8_t first = 0xc3;  // before protection: an Initial of version 1 with four octets of number
};
/// Sealed with the keys that the connection id gives.
Octets sealed(const QuicPacket& packet);

Octets crypto_frame(size_t offset, const Octets& octets);
/// That part of the octets as a frame.
Octets crypto_part(const Octets& octets, size_t begin, size_t end);

}  // namespace tapwarden::test
