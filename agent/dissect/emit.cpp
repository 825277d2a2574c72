// SPDX-License-Identifier: Apache-2.0
#include "dissect/emit.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace tapwarden {

namespace {

constexpr char kDigits[] = "0123456789abcdef";

bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }

/// Hosts start at 32, 64, 128 or 255; what is clearly below was forwarded. Values under 33 say
/// nothing: traceroute, multicast and careful daemons set them.
bool was_forwarded(uint8_t hop_limit) {
  return hop_limit > 32 && hop_limit != 64 && hop_limit != 128 && hop_limit != 255;
}

Flow flow_of(const Packet& packet) {
  constexpr uint8_t kTcp = 6, kUdp = 17, kSctp = 132;
  uint8_t protocol = packet.ip_protocol;
  if (packet.fragment || (protocol != kTcp && protocol != kUdp && protocol != kSctp)) return {};
  return {packet.source_ip, packet.target_ip, packet.source_port, packet.target_port, protocol};
}

}  // namespace

Host sender_of(const Packet& packet) {
  Host host{packet.source_mac, packet.source_ip};
  if (!packet.is_ip() || packet.source_ip.is_link_local() || packet.target_ip.stays_on_link()) {
    host.mac_is_own = true;
  } else {
    bool from_outside = !packet.source_ip.is_private() && packet.target_ip.is_private();
    host.was_forwarded = packet.was_routed || was_forwarded(packet.hop_limit);
    host.is_beyond_router = host.was_forwarded || from_outside;
  }
  return host;
}

void Emit::begin(const Packet& packet, Protocol protocol) {
  observation_.time = packet.time;
  observation_.frame = packet.frame;
  observation_.source = packet.source;
  observation_.context = packet.context;
  observation_.protocol = protocol;
  observation_.host = sender_of(packet);
  observation_.flow = flow_of(packet);
  malformed_ = false;
  wants_more_ = false;
  wants_datagram_ = false;
  inner_ = Protocol::ethernet;
}

void Emit::about(const Mac& mac, const IpAddress& ip) {
  observation_.host = {mac, ip, static_cast<bool>(mac)};
}

void Emit::about_target(const Packet& packet) {
  observation_.host = {packet.target_mac, packet.target_ip, packet.target_ip.is_link_local()};
}

void Emit::send(Field field) {
  assert(emits(observation_.protocol, field) &&
         "the protocol's row in core/protocols.inc lacks this field");
  if (observation_.text.empty() || muted_) return;
  observation_.field = field;
  sink_(owner_, observation_);
}

void Emit::text(Field field, std::string_view text) {
  observation_.text.assign_clean(text);
  send(field);
}

void Emit::utf16(Field field, Bytes bytes, bool little_endian) {
  std::array<char, 256 * 3> utf8;
  size_t size = 0;
  for (size_t i = 0; i + 1 < bytes.size() && size + 3 <= utf8.size(); i += 2) {
    unsigned unit = little_endian ? bytes[i] | bytes[i + 1] << 8 : bytes[i] << 8 | bytes[i + 1];
    if (unit == 0) break;
    if (unit < 0x80) {
      utf8[size++] = static_cast<char>(unit);
    } else if (unit < 0x800) {
      utf8[size++] = static_cast<char>(0xc0 | unit >> 6);
      utf8[size++] = static_cast<char>(0x80 | (unit & 0x3f));
    } else {  // surrogates come out malformed here and leave clean() as U+FFFD
      utf8[size++] = static_cast<char>(0xe0 | unit >> 12);
      utf8[size++] = static_cast<char>(0x80 | (unit >> 6 & 0x3f));
      utf8[size++] = static_cast<char>(0x80 | (unit & 0x3f));
    }
  }
  text(field, std::string_view(utf8.data(), size));
}

void Emit::hex(Field field, Bytes bytes) {
  std::array<char, 510> digits;
  size_t size = 0;
  for (uint8_t octet : bytes.first(std::min(bytes.size(), digits.size() / 2))) {
    digits[size++] = kDigits[octet >> 4];
    digits[size++] = kDigits[octet & 15];
  }
  text(field, std::string_view(digits.data(), size));
}

void Emit::text_or_hex(Field field, Bytes bytes) {
  std::string_view raw = as_text(bytes);
  raw = raw.substr(0, raw.find_last_not_of('\0') + 1);
  if (std::ranges::all_of(raw, is_printable)) {
    text(field, raw);
  } else {
    hex(field, bytes);
  }
}

void Emit::mac(Field field, const Mac& mac) {
  if (!mac || mac.is_group()) return;
  std::array<char, 17> digits;
  digits.fill(':');
  for (size_t i = 0; i < 6; ++i) {
    digits[i * 3] = kDigits[mac.octets[i] >> 4];
    digits[i * 3 + 1] = kDigits[mac.octets[i] & 15];
  }
  text(field, std::string_view(digits.data(), digits.size()));
}

void Emit::ip(Field field, const IpAddress& ip) {
  if (!ip.is_host()) return;
  std::array<char, ip_text_max> written;
  text(field, std::string_view(written.data(), write(ip, written)));
}

void Emit::number(Field field, uint64_t value) {
  std::array<char, 20> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text(field, std::string_view(digits.data(), end));
}

void Emit::oui(Field field, uint32_t value) {
  std::array<uint8_t, 3> octets{static_cast<uint8_t>(value >> 16), static_cast<uint8_t>(value >> 8),
                                static_cast<uint8_t>(value)};
  hex(field, octets);
}

void Emit::oid(Field field, Bytes contents) {
  std::array<char, Observation::text_max> dotted;
  char* end = dotted.data();
  char* const bound = dotted.data() + dotted.size() - 22;  // two numbers and a dot fit behind it
  uint64_t value = 0;
  bool first = true;
  bool open = false;
  for (uint8_t octet : contents) {
    if (value >> 56 != 0) return malformed();
    value = value << 7 | (octet & 0x7f);
    open = (octet & 0x80) != 0;
    if (open) continue;
    if (end > bound) break;
    if (first) {
      uint64_t root = std::min<uint64_t>(value / 40, 2);
      *end++ = static_cast<char>('0' + root);
      value -= root * 40;
      first = false;
    }
    *end++ = '.';
    end = std::to_chars(end, dotted.data() + dotted.size(), value).ptr;
    value = 0;
  }
  if (open || first) return malformed();
  text(field, std::string_view(dotted.data(), end));
}

}  // namespace tapwarden
