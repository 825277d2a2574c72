// SPDX-License-Identifier: Apache-2.0
// Networks: which IP addresses are those of the operator's own network. What speaks from another
// address, through a router, is no equipment of his.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.hpp"

namespace tapwarden {

/// An address block in CIDR notation (RFC 4632, RFC 4291 section 2.3).
struct Prefix {
  IpAddress address;
  uint8_t bits = 0;

  /// "10.0.0.0/8", "2001:db8::/32"; a single address without a length. Nothing when the length is
  /// too great, or the address has bits beyond it.
  static std::optional<Prefix> parse(std::string_view text);

  bool contains(const IpAddress& ip) const;
  bool operator==(const Prefix&) const = default;
};
std::string to_string(const Prefix& prefix);

struct Networks {
  /// Addresses of equipment of ours even when it is seen through a router. Private (RFC 1918),
  /// shared (RFC 6598), unique local (RFC 4193) and link-local ones always are.
  std::vector<Prefix> home;
  /// All taps listen to one site, where a device may be seen on several; otherwise each tap is a
  /// world of its own.
  bool is_one_site = true;

  bool is_home(const IpAddress& ip) const;
  bool operator==(const Networks&) const = default;
};

}  // namespace tapwarden
