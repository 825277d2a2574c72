// SPDX-License-Identifier: Apache-2.0
// Ubiquiti Discovery, versions 1 and 2, as public decoders describe it: what an access point,
// bridge or camera answers when it is looked for.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint8_t {
  kMac = 1,
  kMacAndAddress = 2,
  kFirmwareFull = 3,
  kAddress = 4,
  kMac2 = 5,
  kHostName = 11,
  kProduct = 12,
  kSsid = 13,
  kMac3 = 19,
  kModelType = 20,
  kModel = 21,
  kFirmware = 22,
};

void mac_and_address(Reader value, Emit& emit) {
  if (value.size() != 10) return;
  emit.mac(Field::device_mac, value.mac());
  emit.ip(Field::management_address, value.ipv4());
}

void value(uint8_t type, Bytes value, Emit& emit) {
  switch (type) {
    case kMac:
    case kMac2:
    case kMac3:
      if (value.size() == 6) emit.mac(Field::device_mac, Reader(value).mac());
      break;
    case kMacAndAddress:
      mac_and_address(Reader(value), emit);
      break;
    case kAddress:
      if (value.size() == 4) emit.ip(Field::management_address, IpAddress::from(value));
      break;
    case kFirmwareFull:
    case kFirmware:
      emit.text(Field::software_version, value);
      break;
    case kHostName:
      emit.text(Field::system_name, value);
      break;
    case kProduct:
      emit.text(Field::platform, value);
      break;
    case kModelType:
    case kModel:
      emit.text_or_hex(Field::model, value);
      break;
    case kSsid:
      emit.text(Field::ssid, value);
      break;
    default:
      break;
  }
}

/// False where the list is broken.
bool read(Reader list, bool is_product, Emit& emit) {
  while (!list.empty()) {
    uint8_t type = list.u8();
    Bytes octets = list.take(list.u16());
    if (!list.ok()) return false;
    if ((type == kProduct) == is_product) value(type, octets, emit);
  }
  return true;
}

}  // namespace

void ubiquiti(const Packet&, Reader& reader, Emit& emit) {
  uint8_t version = reader.u8();
  reader.skip(1);  // command
  uint16_t size = reader.u16();
  if (version != 1 && version != 2) return;  // the port is anybody's
  Reader list = reader.sub(size);
  // The product's short code stands first, and the model's name is what people know.
  if (!read(list, false, emit)) emit.malformed();
  read(list, true, emit);
}

}  // namespace tapwarden::protocols
