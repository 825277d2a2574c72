// SPDX-License-Identifier: Apache-2.0
// MAC and IP addresses as values: comparison, text both ways, and the questions that attribution
// asks of them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tapwarden {

/// A 48-bit MAC address (IEEE 802-2014, section 8.2). All zero means "none".
struct Mac {
  std::array<uint8_t, 6> octets{};

  auto operator<=>(const Mac&) const = default;
  explicit operator bool() const { return octets != std::array<uint8_t, 6>{}; }

  /// The I/G bit: a group address never names a device.
  bool is_group() const { return (octets[0] & 0x01) != 0; }
  /// The U/L bit: locally administered, so no registry knows it.
  bool is_local() const { return (octets[0] & 0x02) != 0; }
  uint64_t value() const;
};

Mac mac_from(uint64_t value);
/// 12 hexadecimal digits of any case, whole or in equal groups of two, four or six with one kind of
/// colon, dash or dot between them. Nothing for anything else, as an IPv6 address.
std::optional<Mac> parse_mac(std::string_view text);
/// Lower case with colons.
std::string to_string(const Mac& mac);

/// The MAC inside a modified EUI-64 interface identifier (RFC 4291, appendix A): ff:fe in the
/// middle and the U/L bit turned. Nothing when the eight octets are not of that form.
std::optional<Mac> mac_from_eui64(std::span<const uint8_t, 8> identifier);

/// An IPv4 or IPv6 address, or none.
class IpAddress {
 public:
  IpAddress() = default;
  /// Four octets make an IPv4 address, sixteen an IPv6 address, any other number none.
  static IpAddress from(std::span<const uint8_t> octets);
  static std::optional<IpAddress> parse(std::string_view text);

  auto operator<=>(const IpAddress&) const = default;
  explicit operator bool() const { return size_ != 0; }

  bool is_v4() const { return size_ == 4; }
  bool is_v6() const { return size_ == 16; }
  std::span<const uint8_t> octets() const { return {octets_.data(), size_}; }

  bool is_unspecified() const;
  bool is_multicast() const;
  bool is_broadcast() const;
  bool is_loopback() const;
  /// 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291): never forwarded, so the frame's source MAC
  /// is the host's.
  bool is_link_local() const;
  /// Private (RFC 1918), shared (RFC 6598) or unique local (RFC 4193): somebody's own network.
  bool is_private() const;
  /// 224.0.0.0/24, 255.255.255.255 or an IPv6 group of link scope: a router never forwards what is
  /// sent there.
  bool stays_on_link() const;
  /// A host could bear it: not unspecified, group, broadcast or loopback.
  bool is_host() const;

 private:
  std::array<uint8_t, 16> octets_{};
  uint8_t size_ = 0;
};

inline constexpr size_t ip_text_max = 46;
/// Writes dotted decimal or RFC 5952 form into `target` and says how many characters; none for no
/// address.
size_t write(const IpAddress& ip, std::span<char, ip_text_max> target);
std::string to_string(const IpAddress& ip);

}  // namespace tapwarden
