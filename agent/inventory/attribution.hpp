// SPDX-License-Identifier: Apache-2.0
// Attribution: the one place that decides whose an observation is. Bindings that hosts made
// themselves (ARP, ND, DHCP) win; a MAC that forwards for others is a router, and what was said
// through it belongs to the IP that said it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>

#include "core/observation.hpp"
#include "inventory/device.hpp"

namespace tapwarden {

/// First-hop redundancy addresses: VRRP and CARP (RFC 9568), HSRP v1 and v2, GLBP (vendor
/// documents).
bool is_virtual(const Mac& mac);

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
  /// `bearer_role` is the role of the device at the observation's MAC so far. None when there is
  /// nobody to ascribe to.
  std::optional<Bearer> attribute(const Observation& observation, Role bearer_role) const;

  /// This IP is that MAC's, by the host's own words. False when there was no room (counted).
  bool bind(const Context& context, const IpAddress& ip, const Mac& mac);
  std::optional<Mac> bound(const Context& context, const IpAddress& ip) const;
  /// Forgets that this IP is that MAC's; nothing when it has become another's.
  void release(const Context& context, const IpAddress& ip, const Mac& mac);

  /// An IP was seen behind a MAC without proof; true when that makes the device at the MAC a
  /// router.
  static bool note_source(Device& device, const Observation& observation);

  uint64_t refused() const { return refused_; }

 private:
  boost::unordered_flat_map<HostKey, Mac, HostKeyHash> bindings_;
  size_t bindings_max_;
  uint64_t refused_ = 0;
};

}  // namespace tapwarden
