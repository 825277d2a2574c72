// SPDX-License-Identifier: Apache-2.0
// CAPWAP control (RFC 5415) as far as it is in clear: what an access point says of itself when it
// looks for a controller and joins it, and what the controller answers. The rest is DTLS.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr unsigned kElementsMax = 128;

enum Message : uint32_t {
  kDiscoveryRequest = 1,
  kDiscoveryResponse = 2,
  kJoinRequest = 3,
  kJoinResponse = 4,
};

enum Element : uint16_t {
  kControllerDescriptor = 1,
  kControllerName = 4,
  kLocation = 28,
  kVendorPayload = 37,
  kBoardData = 38,
  kDescriptor = 39,
  kName = 45,
};

void vendor(uint32_t enterprise, Emit& emit) {
  if (enterprise != 0) emit.number(Field::vendor_enterprise, enterprise);
}

/// Section 4.6.40.
void board_data(Reader& data, Emit& emit) {
  uint32_t enterprise = data.u32();
  if (data.ok()) vendor(enterprise, emit);
  for (unsigned left = kElementsMax; left > 0 && data.ok() && !data.empty(); --left) {
    uint16_t type = data.u16();
    Reader value = data.sub(data.u16());
    if (!data.ok()) return;
    if (type == 0) emit.text_or_hex(Field::model, value.peek());
    if (type == 1) emit.text_or_hex(Field::serial, value.peek());
    if (type == 3) emit.text_or_hex(Field::hardware_revision, value.peek());
    if (type == 4 && value.size() == 6) emit.mac(Field::device_mac, value.mac());
  }
}

/// The parts of the descriptors of an access point (section 4.6.41) and of a controller (4.6.1),
/// which number them differently.
void versions(Reader& data, uint16_t hardware, uint16_t software, Emit& emit) {
  constexpr uint16_t kBoot = 2;
  for (unsigned left = kElementsMax; left > 0 && data.ok() && !data.empty(); --left) {
    uint32_t enterprise = data.u32();
    uint16_t type = data.u16();
    Bytes value = data.take(data.u16());
    if (!data.ok()) return;
    vendor(enterprise, emit);
    if (type == hardware) emit.text_or_hex(Field::hardware_revision, value);
    if (type == software) emit.text_or_hex(Field::software_version, value);
    if (type == kBoot) emit.text_or_hex(Field::firmware_revision, value);
  }
}

void element(uint16_t type, bool from_controller, Reader& value, Emit& emit) {
  if (type == kVendorPayload) {
    uint32_t enterprise = value.u32();
    if (value.ok()) vendor(enterprise, emit);
  } else if (type == kBoardData && !from_controller) {
    board_data(value, emit);
  } else if (type == kDescriptor && !from_controller) {
    value.skip(2);  // radios
    value.skip(value.u8() * size_t{3});
    versions(value, 0, 1, emit);
  } else if (type == kControllerDescriptor && from_controller) {
    value.skip(12);  // stations, access points, security
    versions(value, 4, 5, emit);
  } else if (type == (from_controller ? kControllerName : kName)) {
    emit.text(Field::system_name, value.take_rest());
  } else if (type == kLocation && !from_controller) {
    emit.text(Field::system_location, value.take_rest());
  }
}

/// Section 4.5.1.
void control(Reader& message, Emit& emit) {
  uint32_t type = message.u32();
  message.skip(1);  // sequence number
  size_t size = message.u16();
  message.skip(1);  // flags
  bool is_known = type >= kDiscoveryRequest && type <= kJoinResponse;
  if (!message.ok() || !is_known) return;
  if (size < 3) return message.fail();
  bool from_controller = type == kDiscoveryResponse || type == kJoinResponse;
  Reader elements = message.sub(size - 3);
  for (unsigned left = kElementsMax; left > 0 && elements.ok() && !elements.empty(); --left) {
    uint16_t element_type = elements.u16();
    Reader value = elements.sub(elements.u16());
    if (elements.ok()) element(element_type, from_controller, value, emit);
    if (!value.ok()) emit.malformed();
  }
  if (!elements.ok()) emit.malformed();
}

}  // namespace

void capwap(const Packet&, Reader& reader, Emit& emit) {
  uint8_t preamble = reader.u8();
  if (preamble != 0) return;  // version 0 in clear; 1 is DTLS
  uint32_t flags = reader.u24();
  size_t header = (flags >> 19) * size_t{4};
  bool is_fragment = (flags & 0x80) != 0;
  if (is_fragment) return;
  if (header < 8) return reader.fail();
  reader.skip(header - 4);
  control(reader, emit);
}

}  // namespace tapwarden::protocols
