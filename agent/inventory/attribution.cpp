// SPDX-License-Identifier: Apache-2.0
#include "inventory/attribution.hpp"

#include <algorithm>

namespace tapwarden {

namespace {

bool forwards(Role role) { return role == Role::router || role == Role::virtual_; }

bool same_route(const IpAddress& a, const IpAddress& b) {
  if (a.is_v6() && b.is_v6()) return std::ranges::equal(a.octets().first(8), b.octets().first(8));
  return a == b;
}

}  // namespace

bool is_virtual(const Mac& mac) {
  uint64_t value = mac.value();
  return value >> 16 == 0x00005e00
             ? (value >> 8 & 0xff) == 0x01 || (value >> 8 & 0xff) == 0x02  // VRRP, CARP
             : value >> 8 == 0x00000c07ac                                  // HSRP v1
                   || value >> 12 == 0x00000c9ff                           // HSRP v2
                   || value >> 12 == 0x000573a00                           // HSRP for IPv6
                   || value >> 16 == 0x0007b400;                           // GLBP
}

std::optional<Attribution::Bearer> Attribution::attribute(const Observation& observation,
                                                          Role bearer_role) const {
  const Host& host = observation.host;
  const Context& context = observation.context;
  bool has_ip = host.ip.is_host();
  bool has_mac = host.mac && !host.mac.is_group();
  if (has_mac && (host.mac_is_own || !has_ip)) return Bearer{{context, host.mac, {}}, true};
  if (!has_ip) return std::nullopt;
  if (auto mac = bound(context, host.ip)) return Bearer{{context, *mac, {}}, true};
  if (!has_mac || host.is_beyond_router || forwards(bearer_role))
    return Bearer{{context, {}, host.ip}, true};
  return Bearer{{context, host.mac, {}}, false};
}

bool Attribution::bind(const Context& context, const IpAddress& ip, const Mac& mac) {
  HostKey key{context, {}, ip};
  if (bindings_.size() >= bindings_max_ && !bindings_.contains(key)) {
    ++refused_;
    return false;
  }
  bindings_[key] = mac;
  return true;
}

std::optional<Mac> Attribution::bound(const Context& context, const IpAddress& ip) const {
  auto found = bindings_.find(HostKey{context, {}, ip});
  if (found == bindings_.end()) return std::nullopt;
  return found->second;
}

void Attribution::release(const Context& context, const IpAddress& ip, const Mac& mac) {
  auto found = bindings_.find(HostKey{context, {}, ip});
  if (found != bindings_.end() && found->second == mac) bindings_.erase(found);
}

bool Attribution::note_source(Device& device, const Observation& observation) {
  if (device.role != Role::station) return false;
  if (observation.host.is_beyond_router) return true;
  const IpAddress& ip = observation.host.ip;
  bool known = std::ranges::any_of(device.unbound,
                                   [&](const IpAddress& one) { return same_route(one, ip); });
  if (!known) device.unbound.push_back(ip);
  return device.unbound.size() >= routes_min;
}

}  // namespace tapwarden
