// SPDX-License-Identifier: Apache-2.0
// Where on the network a frame was: the tap it came from, its VLAN stack and the tunnel around it.
// The same address in two contexts is two hosts.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>

namespace tapwarden {

/// What an inner packet came in.
enum class Tunnel : uint8_t {
  none,
  mpls,  ///< pseudowire (RFC 4448)
  ip,    ///< IP in IP, 6in4, EtherIP
  gre,
  erspan,
  vxlan,
  geneve,
  gtp,
  tzsp,
  capwap,
  l2tp,
  teredo,
  lwapp,
  sflow,     ///< a sampled frame, not a tunnel: a switch sends what it saw
  openflow,  ///< a frame that a switch shows its controller
};
inline constexpr size_t tunnels_count = 15;
std::string_view to_string(Tunnel tunnel);

struct Context {
  static constexpr size_t vlans_max = 4;

  uint16_t tap = 0;                        ///< index into the taps of this run
  std::array<uint16_t, vlans_max> vlan{};  ///< VLAN identifiers, outermost first (IEEE 802.1Q)
  uint8_t vlan_count = 0;
  Tunnel tunnel = Tunnel::none;
  uint32_t tunnel_id =
      0;  ///< key, VNI, TEID, session or label of the innermost tunnel; 0 where it has none

  auto operator<=>(const Context&) const = default;
  std::span<const uint16_t> vlans() const { return {vlan.data(), vlan_count}; }
};

}  // namespace tapwarden
