// SPDX-License-Identifier: Apache-2.0
// Foundry Discovery Protocol, as public decoders describe it: the form of Cisco's, from switches of
// Foundry, Brocade and Ruckus.
#include <algorithm>

#include "dissect/dissectors.hpp"
#include "dissect/neighbor_parts.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint16_t {
  kDeviceId = 0x01,
  kAddresses = 0x02,
  kPortId = 0x03,
  kCapabilities = 0x04,
  kSoftwareVersion = 0x05,
  kPlatform = 0x06,
};

constexpr size_t kHeadSize = 4;

void value(uint16_t type, Reader tlv, Emit& emit) {
  switch (type) {
    case kDeviceId:
      emit.text_or_hex(Field::system_name, tlv.take_rest());
      break;
    case kAddresses:
      emit_neighbor_addresses(tlv, emit);
      break;
    case kPortId:
      emit.text_or_hex(Field::port_id, tlv.take_rest());
      break;
    case kCapabilities:
      emit_neighbor_capabilities(tlv, emit);
      break;
    case kSoftwareVersion:
      emit.text(Field::software_version, tlv.take_rest());
      break;
    case kPlatform:
      emit.text(Field::platform, tlv.take_rest());
      break;
    default:
      break;
  }
}

}  // namespace

void fdp(const Packet&, Reader& reader, Emit& emit) {
  reader.skip(1 + 1 + 2);  // version, time to live, checksum
  while (!reader.empty()) {
    uint16_t type = reader.u16();
    uint16_t size = reader.u16();
    if (size < kHeadSize) reader.fail();
    Reader tlv = reader.sub(size - std::min<size_t>(size, kHeadSize));
    if (!reader.ok()) return;
    value(type, tlv, emit);
  }
}

}  // namespace tapwarden::protocols
