// SPDX-License-Identifier: Apache-2.0
// RADIUS (RFC 2865, 2866, 4679): what a network access server says of itself in its requests, and
// of the station that asks for access: its MAC and the port it hangs on. Answers show the server's
// policy and nobody's make. User names and passwords are stepped over.
#include <algorithm>

#include "dissect/dissectors.hpp"
#include "dissect/gpon_serial.hpp"

namespace tapwarden::protocols {

namespace {

constexpr unsigned kAttributesMax = 256;
constexpr size_t kHeaderSize = 20;
constexpr uint32_t kBroadbandForum = 3561;  // RFC 4679

enum Code : uint8_t { kAccessRequest = 1, kAccountingRequest = 4 };
enum Type : uint8_t {
  kNasAddress = 4,
  kFramedAddress = 8,
  kVendorSpecific = 26,
  kCallingStation = 31,
  kNasIdentifier = 32,
  kProxyState = 33,
  kNasPortId = 87,
  kNasAddressV6 = 95,
};

struct Attribute {
  uint8_t type = 0;
  Bytes value;
};

Attribute next_attribute(Reader& list) {
  uint8_t type = list.u8();
  uint8_t size = list.u8();
  if (size < 2) list.fail();
  Bytes value = list.take(size - size_t{2});
  return list.ok() ? Attribute{type, value} : Attribute{};
}

/// Twelve bare decimal digits are a telephone number.
Mac mac_of(std::string_view text) {
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (std::ranges::all_of(text, is_digit)) return {};
  Mac mac = parse_mac(text).value_or(Mac{});
  return mac.is_group() ? Mac{} : mac;
}

/// Whom a request is about, which may stand behind what it says of them.
struct Parties {
  IpAddress server;
  IpAddress station_ip;
  Mac station;
  Bytes identifier;
  bool was_proxied = false;
  bool has_station() const { return station || station_ip; }
};

Parties parties(Reader list, bool is_accounting) {
  Parties parties;
  for (unsigned left = kAttributesMax; left > 0 && !list.empty(); --left) {
    auto [type, value] = next_attribute(list);
    bool is_v4 = value.size() == 4;
    if (type == kNasAddress && is_v4) parties.server = IpAddress::from(value);
    if (type == kNasAddressV6 && value.size() == 16) parties.server = IpAddress::from(value);
    if (type == kCallingStation) parties.station = mac_of(as_text(value));
    if (type == kNasIdentifier) parties.identifier = value;
    if (type == kProxyState) parties.was_proxied = true;
    // In an Access-Request it is but a wish (RFC 2865, section 5.8).
    if (type == kFramedAddress && is_v4 && is_accounting)
      parties.station_ip = IpAddress::from(value);
  }
  if (!parties.station_ip.is_host()) parties.station_ip = {};
  return parties;
}

void about_server(Reader list, Emit& emit) {
  for (unsigned left = kAttributesMax; left > 0 && !list.empty(); --left) {
    auto [type, value] = next_attribute(list);
    if (type == kNasIdentifier) emit.text(Field::nas_identifier, value);
    if (type == kVendorSpecific && value.size() >= 4)
      emit.number(Field::vendor_attribute, Reader(value).u32());
  }
}

/// Agent-Circuit-Id and Agent-Remote-Id, as in DHCP's relay option.
void access_line(Bytes value, Emit& emit) {
  Reader reader(value);
  if (reader.u32() != kBroadbandForum) return;
  for (unsigned left = kAttributesMax; left > 0 && !reader.empty(); --left) {
    auto [type, part] = next_attribute(reader);
    if (type == 1) emit.text_or_hex(Field::relay_circuit, part);
    if (type == 2) emit.text_or_hex(Field::relay_remote, part);
    if (type == 1 || type == 2) emit_gpon_serial(part, emit);
  }
}

void about_station(const Parties& parties, Reader list, Emit& emit) {
  emit.mac(Field::client_mac, parties.station);
  if (parties.station) emit.ip(Field::binding, parties.station_ip);
  emit.text(Field::access_node, parties.identifier);
  for (unsigned left = kAttributesMax; left > 0 && !list.empty(); --left) {
    auto [type, value] = next_attribute(list);
    if (type == kNasPortId) {
      emit.text_or_hex(Field::nas_port_id, value);
      emit_gpon_serial(value, emit);
    }
    if (type == kVendorSpecific) access_line(value, emit);
  }
}

bool is_whole(Reader list) {
  while (list.ok() && !list.empty()) next_attribute(list);
  return list.ok();
}

}  // namespace

void radius(const Packet& packet, Reader& reader, Emit& emit) {
  uint8_t code = reader.u8();
  reader.skip(1);  // identifier
  size_t size = reader.u16();
  if (code != kAccessRequest && code != kAccountingRequest) return;
  reader.skip(16);  // authenticator
  if (!reader.ok() || size < kHeaderSize) return reader.fail();
  size -= kHeaderSize;
  bool is_short = reader.size() < size;
  Reader list(reader.take_up_to(size));
  if (is_short || !is_whole(list)) emit.malformed();
  // Such ports are also other programs' own: only attributes that fill the message are believed.
  if (emit.is_malformed() && !packet.cut) return;
  Parties said = parties(list, code == kAccountingRequest);
  // What came through a proxy is not its sender's word (RFC 2865, section 5.33).
  if (said.was_proxied && said.server.is_host()) emit.about(Mac{}, said.server);
  if (!said.was_proxied || said.server.is_host()) about_server(list, emit);
  if (!said.has_station()) return;
  emit.about(said.station, said.station_ip);
  about_station(said, list, emit);
}

}  // namespace tapwarden::protocols
