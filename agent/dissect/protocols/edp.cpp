// SPDX-License-Identifier: Apache-2.0
// Extreme Discovery Protocol, as public decoders describe it: a switch's name, address, version and
// VLANs.
#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint8_t { kNull = 0, kDisplay = 1, kInfo = 2, kVlan = 5 };

constexpr uint8_t kMarker = 0x99;
constexpr size_t kHeadSize = 4;

void info(Reader tlv, Emit& emit) {
  uint16_t slot = tlv.u16();
  uint16_t port = tlv.u16();
  tlv.skip(2 + 6);  // virtual chassis, reserved
  Bytes version = tlv.take(4);
  if (!tlv.ok()) return emit.malformed();
  std::array<char, 16> text;  // four numbers up to 255
  auto dotted = [&](std::initializer_list<unsigned> numbers) {
    char* end = text.data();
    for (unsigned number : numbers) {
      if (end != text.data()) *end++ = '.';
      end = std::to_chars(end, text.data() + text.size(), number).ptr;
    }
    return std::string_view(text.data(), end);
  };
  emit.text(Field::software_version, dotted({version[0], version[1], version[2], version[3]}));
  emit.text(Field::port_id, dotted({slot + 1u, port + 1u}));  // both count from 0
}

void vlan(Reader tlv, Emit& emit) {
  tlv.skip(1 + 1 + 2 + 4);  // flags, reserved, VLAN, reserved
  IpAddress address = tlv.ipv4();
  if (!tlv.ok()) return emit.malformed();
  emit.ip(Field::management_address, address);
  emit.text(Field::vlan_name, tlv.take_rest());
}

}  // namespace

void edp(const Packet&, Reader& reader, Emit& emit) {
  reader.skip(1 + 1 + 2 + 2 + 2);  // version, reserved, length, checksum, sequence
  uint16_t machine_type = reader.u16();
  Mac machine = reader.mac();
  if (!reader.ok()) return;
  if (machine_type == 0) emit.mac(Field::device_mac, machine);
  while (!reader.empty()) {
    uint8_t marker = reader.u8();
    uint8_t type = reader.u8();
    uint16_t size = reader.u16();
    if (marker != kMarker || size < kHeadSize) reader.fail();
    Reader tlv = reader.sub(size - std::min<size_t>(size, kHeadSize));
    if (!reader.ok() || type == kNull) return;
    if (type == kDisplay) emit.text(Field::system_name, tlv.take_rest());
    if (type == kInfo) info(tlv, emit);
    if (type == kVlan) vlan(tlv, emit);
  }
}

}  // namespace tapwarden::protocols
