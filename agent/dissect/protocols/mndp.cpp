// SPDX-License-Identifier: Apache-2.0
// MikroTik Neighbor Discovery Protocol, as public decoders describe it: what a router tells its
// neighbours of itself, by broadcast.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint16_t {
  kMac = 1,
  kIdentity = 5,
  kVersion = 7,
  kPlatform = 8,
  kBoard = 12,
  kIpv6 = 15,
  kInterface = 16,
  kIpv4 = 17,
};

void value(uint16_t type, Bytes value, Emit& emit) {
  switch (type) {
    case kMac:
      if (value.size() == 6) emit.mac(Field::device_mac, Reader(value).mac());
      break;
    case kIdentity:
      emit.text(Field::system_name, value);
      break;
    case kVersion:
      emit.text(Field::software_version, value);
      break;
    case kPlatform:
      emit.text(Field::manufacturer, value);
      break;
    case kBoard:
      emit.text(Field::model, value);
      break;
    case kInterface:
      emit.text(Field::port_id, value);
      break;
    case kIpv6:
    case kIpv4:
      emit.ip(Field::management_address, IpAddress::from(value));
      break;
    default:
      break;
  }
}

}  // namespace

void mndp(const Packet&, Reader& reader, Emit& emit) {
  reader.skip(2 + 2);  // head, sequence
  while (!reader.empty()) {
    uint16_t type = reader.u16();
    Bytes octets = reader.take(reader.u16());
    if (!reader.ok()) return;
    value(type, octets, emit);
  }
}

}  // namespace tapwarden::protocols
