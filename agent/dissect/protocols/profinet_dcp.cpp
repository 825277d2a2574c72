// SPDX-License-Identifier: Apache-2.0
// PROFINET Discovery and basic Configuration Protocol (IEC 61158-6-10, 4.3): what a station answers
// about itself, and its hello.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum FrameId : uint16_t { kHello = 0xfefc, kGetSet = 0xfefd, kIdentifyResponse = 0xfeff };

enum Service : uint8_t { kGet = 3 };

enum Block : uint16_t {  // option and suboption
  kAddress = 0x0102,
  kTypeOfStation = 0x0201,
  kNameOfStation = 0x0202,
  kDeviceId = 0x0203,
};

void hex16(Field field, uint16_t value, Emit& emit) {
  const uint8_t octets[] = {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
  emit.hex(field, octets);
}

void block(uint16_t type, Reader value, Emit& emit) {
  value.skip(2);  // block information
  if (type == kTypeOfStation) emit.text(Field::device_type, value.peek());
  if (type == kNameOfStation) emit.text(Field::system_name, value.peek());
  if (type == kAddress) emit.ip(Field::management_address, value.ipv4());
  if (type == kDeviceId) {
    uint16_t vendor = value.u16();
    uint16_t device = value.u16();
    if (value.ok()) hex16(Field::vendor_id, vendor, emit);
    if (value.ok()) hex16(Field::device_id, device, emit);
  }
  if (!value.ok()) emit.malformed();
}

/// Of a request nothing is about its sender; a hello is one by form only.
bool is_about_sender(uint16_t frame, uint8_t service, uint8_t service_type) {
  if (frame == kHello) return true;
  if (frame == kIdentifyResponse) return service_type == 1;
  return frame == kGetSet && service == kGet && service_type == 1;
}

}  // namespace

void profinet_dcp(const Packet&, Reader& reader, Emit& emit) {
  uint16_t frame = reader.u16();
  if (frame < kHello) return;  // cyclic data
  uint8_t service = reader.u8();
  uint8_t service_type = reader.u8();
  reader.skip(4 + 2);  // transaction, delay
  Reader blocks = reader.sub(reader.u16());
  if (!reader.ok() || !is_about_sender(frame, service, service_type)) return;
  while (!blocks.empty()) {
    uint16_t type = blocks.u16();
    uint16_t size = blocks.u16();
    Reader value = blocks.sub(size);
    if (!blocks.ok()) return emit.malformed();
    block(type, value, emit);
    if (size % 2 != 0 && !blocks.empty()) blocks.skip(1);
  }
}

}  // namespace tapwarden::protocols
