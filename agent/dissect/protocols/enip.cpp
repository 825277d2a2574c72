// SPDX-License-Identifier: Apache-2.0
// EtherNet/IP's answer to ListIdentity (ODVA CIP volume 2, section 2-4.2): who made the device, in
// ODVA's numbers, its revision, serial number and product name.
#include <algorithm>
#include <array>
#include <charconv>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kListIdentity = 0x63;
constexpr uint16_t kIdentity = 0x0c;
constexpr int kItemsMax = 8;

void revision(uint8_t major, uint8_t minor, Emit& emit) {
  std::array<char, 8> text;
  char* end = std::to_chars(text.data(), text.data() + text.size(), major).ptr;
  *end++ = '.';
  end = std::to_chars(end, text.data() + text.size(), minor).ptr;
  emit.text(Field::firmware_revision, std::string_view(text.data(), end));
}

void identity(const Packet& packet, Reader& item, Emit& emit) {
  item.skip(6);  // version, address family, port
  IpAddress ip = item.ipv4();
  item.skip(8);
  uint16_t vendor = item.u16le();
  uint16_t type = item.u16le();
  uint16_t product = item.u16le();
  uint8_t major = item.u8();
  uint8_t minor = item.u8();
  item.skip(2);
  uint32_t serial = item.u32le();
  if (!item.ok()) return emit.malformed();
  if (ip == packet.source_ip) emit.ip(Field::binding, ip);
  emit.number(Field::vendor_number, vendor);
  emit.number(Field::device_type, type);
  emit.number(Field::product_code, product);
  revision(major, minor, emit);
  std::array<uint8_t, 4> octets{static_cast<uint8_t>(serial >> 24),
                                static_cast<uint8_t>(serial >> 16),
                                static_cast<uint8_t>(serial >> 8), static_cast<uint8_t>(serial)};
  if (serial != 0) emit.hex(Field::serial, octets);
  std::string_view name = item.text(item.u8());
  if (!item.ok()) return emit.malformed();
  emit.text(Field::model, name);
}

}  // namespace

void enip(const Packet& packet, Reader& reader, Emit& emit) {
  if (reader.size() < 26 || reader.u16le() != kListIdentity) return;
  size_t size = reader.u16le();
  reader.skip(20);
  if (size == 0) return;  // the question
  if (size != reader.size()) return reader.fail();
  int items = reader.u16le();
  for (int i = 0; i < items && i < kItemsMax && reader.ok(); ++i) {
    uint16_t type = reader.u16le();
    Reader item = reader.sub(reader.u16le());
    if (reader.ok() && type == kIdentity) identity(packet, item, emit);
  }
}

}  // namespace tapwarden::protocols
