// SPDX-License-Identifier: Apache-2.0
// Attribution: the one place that decides whose an observation is. Bindings that hosts made
// themselves (ARP, ND, DHCP) win; a MAC that forwards for others is a router, and what was said
// through it belongs to the IP that said it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/observation.hpp"
#include "inventory/device.hpp"

namespace tapwarden {

/// First-hop redundancy addresses: VRRP and CARP (RFC 9568), HSRP v1 and v2, GLBP (vendor
/// documents).
bool is_virtual(const Mac& mac);
/// The prefixes that hypervisors and container engines give their guests: VMware, VirtualBox, Xen,
/// Hyper-V, QEMU, Parallels, Docker (vendor documents).
bool is_guest(const Mac& mac);

/// The rule that finds a router that answers ARP for hosts behind it (RFC 1027).
inline constexpr std::string_view rule_arp_proxy = "arp-proxy";

/// Why a device has its role: a text for people, and a name for the rule.
struct Reason {
  std::string text;
  std::string_view rule;
};

class Attribution {
 public:
  /// So many source addresses behind one MAC, bound to it by nothing, make it a router. IPv6 counts
  /// by /64: one host has many addresses in its prefix.
  static constexpr size_t routes_min = 4;

  explicit Attribution(size_t bindings_max) : bindings_max_(bindings_max) {}

  struct Bearer {
    HostKey key;
    bool is_firm = false;  ///< no later learning can move it
  };
  /// `at_mac` is the device at the observation's MAC, null when it is new. None when there is
  /// nobody to ascribe to.
  std::optional<Bearer> attribute(const Observation& observation, const Device* at_mac) const;

  /// This IP is that MAC's, by the host's own words. False when there was no room (counted).
  bool bind(const Context& context, const IpAddress& ip, const Mac& mac);
  std::optional<Mac> bound(const Context& context, const IpAddress& ip) const;
  /// Forgets that this IP is that MAC's; nothing when it has become another's.
  void release(const Context& context, const IpAddress& ip, const Mac& mac);

  /// So many bound IPv4 addresses, and a packet of one of them that was forwarded, make a router
  /// that answers ARP for others (RFC 1027).
  static constexpr size_t proxied_min = 3;

  /// An IP was seen behind a MAC without proof; a reason when that makes the device at the MAC a
  /// router.
  std::optional<Reason> note_source(Device& device, const Observation& observation) const;

  /// Several hosts handed packets for these addresses to a MAC; a reason, when it has bound none of
  /// them to itself, that makes the device there a router.
  std::optional<Reason> next_hop(const Observation& observation) const;

  uint64_t refused() const { return refused_; }

 private:
  boost::unordered_flat_map<HostKey, Mac, HostKeyHash> bindings_;
  size_t bindings_max_;
  uint64_t refused_ = 0;
};

}  // namespace tapwarden
