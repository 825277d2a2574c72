// SPDX-License-Identifier: Apache-2.0
// Huawei Group Management Protocol on EtherType 0x88a7 (IEEE list of EtherTypes). Manuals tell what
// its neighbour discovery carries; where that stands was read off captures of switches. Of
// everything else only that it is spoken is said.
#include <algorithm>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kNeighborDiscovery = 3;
constexpr size_t kHeadSize = 4;

enum Type : uint16_t {
  kDeviceId = 0x01,
  kPort = 0x02,
  kName = 0x03,
  kDevice = 0x07,
  kSoftware = 0x0e,
  kBoot = 0x10,
  kProductVersion = 0x11,
};

void value(uint16_t type, Reader tlv, Emit& emit) {
  switch (type) {
    case kDeviceId:
      tlv.skip(4);
      if (tlv.size() == 6) emit.mac(Field::device_mac, tlv.mac());
      break;
    case kPort:
      emit.text(Field::port_id, tlv.take_rest());
      break;
    case kName:
      emit.text(Field::system_name, tlv.take_rest());
      break;
    case kDevice:
      emit.text(Field::platform, tlv.take_rest());
      break;
    case kSoftware:
      emit.text(Field::software_version, tlv.take_rest());
      break;
    case kProductVersion:
      emit.text(Field::software_revision, tlv.take_rest());
      break;
    case kBoot:
      emit.text(Field::firmware_revision, tlv.take_rest());
      break;
    default:
      break;
  }
}

}  // namespace

void hgmp(const Packet&, Reader& reader, Emit& emit) {
  uint16_t part = reader.u16();
  if (!reader.ok()) return;
  if (part != kNeighborDiscovery) return emit.text(Field::message, "hello");
  reader.skip(2 + 1 + 1 + 2);  // reserved, version, hold time, checksum
  if (!reader.ok()) return;
  emit.text(Field::message, "neighbor-discovery");
  while (!reader.empty()) {
    uint16_t type = reader.u16();
    if (type == 0) return;  // padding
    uint16_t size = reader.u16();
    if (size < kHeadSize) reader.fail();
    Reader tlv = reader.sub(size - std::min<size_t>(size, kHeadSize));
    if (!reader.ok()) return;
    value(type, tlv, emit);
  }
}

}  // namespace tapwarden::protocols
