// SPDX-License-Identifier: Apache-2.0
#include "inventory/networks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tapwarden {

namespace {

/// Whether the first `bits` bits are equal; both of one family.
bool begin_alike(std::span<const uint8_t> a, std::span<const uint8_t> b, size_t bits) {
  size_t whole = bits / 8;
  if (!std::ranges::equal(a.first(whole), b.first(whole))) return false;
  return bits % 8 == 0 || (a[whole] ^ b[whole]) >> (8 - bits % 8) == 0;
}

bool is_zero_from(std::span<const uint8_t> octets, size_t bits) {
  for (size_t bit = bits; bit < octets.size() * 8; ++bit) {
    if ((octets[bit / 8] >> (7 - bit % 8) & 1) != 0) return false;
  }
  return true;
}

}  // namespace

std::optional<Prefix> Prefix::parse(std::string_view text) {
  size_t slash = text.find('/');
  auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  size_t most = address->octets().size() * 8;
  size_t bits = most;
  if (slash != std::string_view::npos) {
    std::string_view length = text.substr(slash + 1);
    auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (error != std::errc{} || end != length.data() + length.size()) return std::nullopt;
  }
  if (bits > most || !is_zero_from(address->octets(), bits)) return std::nullopt;
  return Prefix{*address, static_cast<uint8_t>(bits)};
}

bool Prefix::contains(const IpAddress& ip) const {
  return ip.octets().size() == address.octets().size() &&
         begin_alike(ip.octets(), address.octets(), bits);
}

std::string to_string(const Prefix& prefix) {
  return fmt::format("{}/{}", to_string(prefix.address), prefix.bits);
}

bool Networks::is_home(const IpAddress& ip) const {
  return ip.is_private() || ip.is_link_local() ||
         std::ranges::any_of(home, [&](const Prefix& one) { return one.contains(ip); });
}

}  // namespace tapwarden
