// SPDX-License-Identifier: Apache-2.0
// IKE versions 1 and 2 (RFC 2408, 7296; behind NAT RFC 3948): the vendor ids of both sides'
// messages, as far as they are in clear.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kNatPort = 4500;
constexpr size_t kHeadSize = 28;
constexpr unsigned kPayloadsMax = 32;
constexpr uint8_t kEncrypted = 0x01;  // flag of version 1
enum Payload : uint8_t { kVendor1 = 13, kVendor2 = 43, kSealed = 46, kSealedPart = 53 };

}  // namespace

void ike(const Packet& packet, Reader& reader, Emit& emit) {
  bool behind_nat = packet.source_port == kNatPort || packet.target_port == kNatPort;
  if (behind_nat) {
    if (reader.size() == 1) return;  // keeps the way through a NAT open
    if (reader.u32() != 0) return;   // ESP: no marker before it
  }
  reader.skip(16);  // both sides' cookies
  uint8_t next = reader.u8();
  unsigned version = reader.u8() >> 4;
  reader.skip(1);  // exchange
  uint8_t flags = reader.u8();
  reader.skip(4);  // message id
  uint32_t size = reader.u32();
  if (!reader.ok() || version < 1 || version > 2 || size < kHeadSize) return reader.fail();
  if (version == 1 && (flags & kEncrypted) != 0) return;
  Reader payloads(reader.take_up_to(size - kHeadSize));
  uint8_t vendor = version == 1 ? kVendor1 : kVendor2;
  for (unsigned left = kPayloadsMax; left > 0 && next != 0; --left) {
    if (next == kSealed || next == kSealedPart) return;
    uint8_t type = next;
    next = payloads.u8();
    payloads.skip(1);
    uint16_t length = payloads.u16();
    if (length < 4) payloads.fail();
    Bytes body = payloads.take(length >= 4 ? length - 4u : 0u);
    if (!payloads.ok()) return reader.fail();
    if (type == vendor) emit.hex(Field::vendor_id, body);
  }
}

}  // namespace tapwarden::protocols
