// SPDX-License-Identifier: Apache-2.0
#include "core/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace tapwarden {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

uint64_t Mac::value() const {
  uint64_t value = 0;
  for (uint8_t octet : octets) value = value << 8 | octet;
  return value;
}

Mac mac_from(uint64_t value) {
  Mac mac;
  for (size_t i = 6; i-- > 0; value >>= 8) mac.octets[i] = static_cast<uint8_t>(value);
  return mac;
}

std::optional<Mac> parse_mac(std::string_view text) {
  size_t group = std::min(text.find_first_of(":-."), text.size());
  bool is_form = group == 2 || group == 4 || group == 6 || group == 12;
  if (!is_form || text.size() != 12 + 12 / group - 1) return std::nullopt;
  uint64_t value = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i % (group + 1) == group) {
      if (text[i] != text[group]) return std::nullopt;
      continue;
    }
    int digit = hex_digit(text[i]);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<uint64_t>(digit);
  }
  return mac_from(value);
}

std::string to_string(const Mac& mac) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (uint8_t octet : mac.octets) {
    if (!text.empty()) text += ':';
    text += digits[octet >> 4];
    text += digits[octet & 15];
  }
  return text;
}

std::optional<Mac> mac_from_eui64(std::span<const uint8_t, 8> identifier) {
  if (identifier[3] != 0xff || identifier[4] != 0xfe) return std::nullopt;
  return Mac{{static_cast<uint8_t>(identifier[0] ^ 0x02), identifier[1], identifier[2],
              identifier[5], identifier[6], identifier[7]}};
}

IpAddress IpAddress::from(std::span<const uint8_t> octets) {
  IpAddress ip;
  if (octets.size() != 4 && octets.size() != 16) return ip;
  std::ranges::copy(octets, ip.octets_.begin());
  ip.size_ = static_cast<uint8_t>(octets.size());
  return ip;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  char terminated[INET6_ADDRSTRLEN] = {};
  if (text.size() >= sizeof terminated || text.contains('\0')) return std::nullopt;
  std::ranges::copy(text, terminated);
  std::array<uint8_t, 16> octets{};
  if (inet_pton(AF_INET, terminated, octets.data()) == 1) return from({octets.data(), 4});
  if (inet_pton(AF_INET6, terminated, octets.data()) == 1) return from(octets);
  return std::nullopt;
}

bool IpAddress::is_unspecified() const {
  return std::ranges::all_of(octets(), [](uint8_t octet) { return octet == 0; });
}

bool IpAddress::is_multicast() const {
  return is_v4() ? (octets_[0] & 0xf0) == 0xe0 : is_v6() && octets_[0] == 0xff;
}

bool IpAddress::is_broadcast() const {
  return is_v4() && std::ranges::all_of(octets(), [](uint8_t octet) { return octet == 0xff; });
}

bool IpAddress::is_loopback() const {
  if (is_v4()) return octets_[0] == 127;
  static constexpr std::array<uint8_t, 16> loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return is_v6() && octets_ == loopback;
}

bool IpAddress::is_link_local() const {
  if (is_v4()) return octets_[0] == 169 && octets_[1] == 254;
  return is_v6() && octets_[0] == 0xfe && (octets_[1] & 0xc0) == 0x80;
}

bool IpAddress::is_private() const {
  if (is_v4()) {
    return octets_[0] == 10 || (octets_[0] == 172 && (octets_[1] & 0xf0) == 16) ||
           (octets_[0] == 192 && octets_[1] == 168) ||
           (octets_[0] == 100 && (octets_[1] & 0xc0) == 64);
  }
  return is_v6() && (octets_[0] & 0xfe) == 0xfc;
}

bool IpAddress::stays_on_link() const {
  if (is_v4()) return is_broadcast() || (octets_[0] == 224 && octets_[1] == 0 && octets_[2] == 0);
  return is_v6() && octets_[0] == 0xff && (octets_[1] & 0x0f) <= 2;
}

bool IpAddress::is_host() const {
  return size_ != 0 && !is_unspecified() && !is_multicast() && !is_broadcast() && !is_loopback();
}

size_t write(const IpAddress& ip, std::span<char, ip_text_max> target) {
  static_assert(ip_text_max >= INET6_ADDRSTRLEN);
  if (!ip) return 0;
  inet_ntop(ip.is_v4() ? AF_INET : AF_INET6, ip.octets().data(), target.data(), ip_text_max);
  return std::strlen(target.data());
}

std::string to_string(const IpAddress& ip) {
  std::array<char, ip_text_max> text;
  return {text.data(), write(ip, text)};
}

}  // namespace tapwarden
