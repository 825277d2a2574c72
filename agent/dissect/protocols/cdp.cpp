// SPDX-License-Identifier: Apache-2.0
// Cisco Discovery Protocol, versions 1 and 2, as its vendor's documents and public decoders
// describe it: what a neighbour says it is, which port it speaks from, what runs on it. Devices of
// several makers speak it.
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
  kVtpDomain = 0x09,
  kNativeVlan = 0x0a,
  kSystemName = 0x14,
  kSystemObjectId = 0x15,
  kManagementAddresses = 0x16,
};

void native_vlan(Reader tlv, Emit& emit) {
  uint16_t vlan = tlv.u16();
  if (!tlv.ok()) return emit.malformed();
  emit.number(Field::native_vlan, vlan);
}

/// The contents octets of an object identifier; some senders put its BER head (06, length) before.
void system_object_id(Bytes value, Emit& emit) {
  bool has_head = value.size() > 2 && value[0] == 0x06 && value[1] == value.size() - 2;
  emit.oid(Field::system_object_id, has_head ? value.subspan(2) : value);
}

}  // namespace

void cdp(const Packet&, Reader& reader, Emit& emit) {
  reader.skip(4);  // version, time to live, checksum
  while (!reader.empty()) {
    uint16_t type = reader.u16();
    uint16_t size = reader.u16();
    if (size < 4) reader.fail();  // the head counts
    Reader tlv = reader.sub(size - std::min<size_t>(size, 4));
    if (!reader.ok()) return;
    switch (type) {
      case kDeviceId:
        emit.text_or_hex(Field::system_name, tlv.take_rest());
        break;
      case kAddresses:
      case kManagementAddresses:
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
      case kVtpDomain:
        emit.text(Field::vtp_domain, tlv.take_rest());
        break;
      case kNativeVlan:
        native_vlan(tlv, emit);
        break;
      case kSystemName:
        emit.text(Field::system_name, tlv.take_rest());
        break;
      case kSystemObjectId:
        system_object_id(tlv.take_rest(), emit);
        break;
      default:
        break;
    }
  }
}

}  // namespace tapwarden::protocols
