// SPDX-License-Identifier: Apache-2.0
// 802.11 beacons, probes and action frames (IEEE 802.11-2020, 9.3.3): the network's name, whose
// vendor elements are there, and what three of them say: Wi-Fi Simple Configuration 2.0.8 (clause
// 12), DroneID as public decoders describe it, Remote ID (ASTM F3411-22a, 5.4.4), which also comes
// in Wi-Fi Aware's service descriptors.
#include <algorithm>

#include "dissect/dissectors.hpp"
#include "dissect/simple_configuration.hpp"

namespace tapwarden::protocols {

namespace {

enum Subtype : uint8_t { kProbeRequest = 4, kAction = 13 };

enum Element : uint8_t { kSsid = 0, kVendorSpecific = 221 };

enum VendorElement : uint32_t {  // OUI and type
  kSimpleConfiguration = 0x0050f204,
  kRemoteId = 0xfa0bbc0d,
};

constexpr uint32_t kDroneId = 0x263712;   // whatever its type
constexpr size_t kFixedSize = 8 + 2 + 2;  // timestamp, interval, capabilities
constexpr size_t kCheckSize = 4;
constexpr size_t kRemoteIdSize = 25;

constexpr uint8_t kAware[] = {0x04, 0x09, 0x50, 0x6f, 0x9a, 0x13};  // public, vendor specific
constexpr uint8_t kServiceDescriptor = 3;
constexpr uint8_t kServiceInfo = 0x10;  // control: it is there, and no filter before it
/// The first octets of the SHA-256 of the service's name, org.opendroneid.remoteid.
constexpr uint8_t kRemoteIdService[] = {0x88, 0x69, 0x19, 0x9d, 0x92, 0x09};

/// Up to the first NUL, if it is made of letters and digits: else it was not set.
void serial(Bytes octets, Emit& emit) {
  std::string_view text = as_text(octets);
  text = text.substr(0, text.find('\0'));
  bool is_serial = std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  });
  if (is_serial) emit.text(Field::serial, text);
}

void drone_id(Reader element, Emit& emit) {
  element.skip(1 + 1);  // unknown
  uint8_t command = element.u8();
  if (command == 0x10) element.skip(1 + 2 + 2);  // flight: version, sequence, state
  if (command != 0x10 && command != 0x11) return;
  Bytes number = element.take(16);
  if (!element.ok()) return emit.malformed();
  serial(number, emit);
}

/// A pack of messages, of which the basic identification with type 1 holds the serial number.
void remote_id(Reader element, Emit& emit) {
  element.skip(1);  // counter
  uint8_t kind = element.u8() >> 4;
  uint8_t size = element.u8();
  uint8_t count = element.u8();
  if (!element.ok()) return emit.malformed();
  if (kind != 0xf || size != kRemoteIdSize) return;
  for (; count > 0; --count) {
    Reader message = element.sub(size);
    if (!element.ok()) return emit.malformed();
    if (message.u8() >> 4 != 0 || message.u8() >> 4 != 1) continue;
    serial(message.take(20), emit);
  }
}

void vendor_specific(Reader element, Emit& emit) {
  Bytes head = element.peek(4);
  if (head.empty()) return;
  emit.hex(Field::vendor_element, head);
  uint32_t oui_and_type = element.u32();
  if (oui_and_type == kSimpleConfiguration) {
    if (!emit_simple_configuration(element, emit)) emit.malformed();
    return;
  }
  if (oui_and_type == kRemoteId) return remote_id(element, emit);
  if (oui_and_type >> 8 == kDroneId) drone_id(element, emit);
}

/// Elements to the end, which may be a frame check sequence that nothing announced.
void elements(Reader& reader, bool is_request, Emit& emit) {
  while (!reader.empty()) {
    bool may_be_check = reader.size() == kCheckSize;
    uint8_t type = reader.u8();
    Reader element = reader.sub(reader.u8());
    if (!reader.ok() && may_be_check) reader = {};
    if (!element.ok()) return;
    if (type == kSsid && !is_request) emit.text(Field::ssid, element.take_rest());
    if (type == kVendorSpecific) vendor_specific(element, emit);
  }
}

/// Wi-Fi Aware 3.2, 9.5.3: a service descriptor, which holds a drone's messages when it is of their
/// service.
void service_descriptor(Reader attribute, Emit& emit) {
  Bytes service = attribute.take(sizeof kRemoteIdService);
  attribute.skip(1 + 1);  // instances
  uint8_t control = attribute.u8();
  if (!std::ranges::equal(service, kRemoteIdService) || control != kServiceInfo) return;
  Reader info = attribute.sub(attribute.u8());
  if (!attribute.ok()) return emit.malformed();
  remote_id(info, emit);
}

/// Of action frames only the public one of Wi-Fi Aware says something of its sender.
void action(Reader& reader, Emit& emit) {
  if (!std::ranges::equal(reader.peek(sizeof kAware), kAware)) return;
  reader.skip(sizeof kAware);
  while (!reader.empty()) {
    bool may_be_check = reader.size() == kCheckSize;
    uint8_t type = reader.u8();
    Reader attribute = reader.sub(reader.u16le());
    if (!reader.ok() && may_be_check) reader = {};
    if (!attribute.ok()) return;
    if (type == kServiceDescriptor) service_descriptor(attribute, emit);
  }
}

}  // namespace

void wifi(const Packet& packet, Reader& reader, Emit& emit) {
  if (packet.wifi_management == kAction) return action(reader, emit);
  bool is_request = packet.wifi_management == kProbeRequest;
  if (!is_request) reader.skip(kFixedSize);
  elements(reader, is_request, emit);
}

}  // namespace tapwarden::protocols
