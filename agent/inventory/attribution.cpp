// SPDX-License-Identifier: Apache-2.0
#include "inventory/attribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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

bool is_guest(const Mac& mac) {
  static constexpr std::array<uint32_t, 10> prefixes = {0x005056, 0x000c29, 0x000569, 0x001c14,
                                                        0x080027, 0x0a0027, 0x00163e, 0x00155d,
                                                        0x525400, 0x001c42};
  auto prefix = static_cast<uint32_t>(mac.value() >> 24);
  return std::ranges::find(prefixes, prefix) != prefixes.end() || mac.value() >> 32 == 0x0242;
}

std::optional<Attribution::Bearer> Attribution::attribute(const Observation& observation,
                                                          const Device* at_mac) const {
  const Host& host = observation.host;
  Role role = at_mac != nullptr      ? at_mac->role
              : is_virtual(host.mac) ? Role::virtual_
                                     : Role::station;
  const Context& context = observation.context;
  bool has_ip = host.ip.is_host();
  bool has_mac = host.mac && !host.mac.is_group();
  // What a redundancy address sends it sends for the router behind it, but for its own ARP and ND.
  bool is_on_behalf = role == Role::virtual_ && has_ip && observation.field != Field::binding;
  if (has_mac && (!has_ip || (host.mac_is_own && !is_on_behalf)))
    return Bearer{{context, host.mac, {}}, true};
  if (!has_ip) return std::nullopt;
  if (auto mac = bound(context, host.ip)) {
    // Bound to the MAC that brought it, and yet forwarded: a host that starts at an odd hop limit,
    // or one for which a router answers.
    bool is_doubtful = host.was_forwarded && *mac == host.mac;
    bool is_answered_for = is_doubtful && at_mac != nullptr && at_mac->is_arp_proxy;
    if (!is_answered_for) return Bearer{{context, *mac, {}}, !is_doubtful};
  }
  if (!has_mac || host.is_beyond_router || forwards(role))
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

std::optional<Reason> Attribution::note_source(Device& device,
                                               const Observation& observation) const {
  const Host& host = observation.host;
  auto is_bound = [](const DeviceAddress& one) { return one.is_bound && one.ip.is_v4(); };
  if (bound(observation.context, host.ip) == host.mac) {
    auto answers = static_cast<size_t>(std::ranges::count_if(device.addresses, is_bound));
    if (device.is_arp_proxy || !host.was_forwarded || answers < proxied_min) return std::nullopt;
    device.is_arp_proxy = true;
    return Reason{fmt::format("answers for {} addresses, and forwarded a packet of {}", answers,
                              to_string(host.ip)),
                  rule_arp_proxy};
  }
  if (forwards(device.role)) return std::nullopt;
  if (host.was_forwarded)
    return Reason{fmt::format("forwarded a packet of {}", to_string(host.ip)), "forwarded-packet"};
  if (host.is_beyond_router) {
    return Reason{fmt::format("brought a packet of {}, a public address, to a private one",
                              to_string(host.ip)),
                  "from-outside"};
  }
  bool known = std::ranges::any_of(device.unbound,
                                   [&](const IpAddress& one) { return same_route(one, host.ip); });
  if (!known) device.unbound.push_back(host.ip);
  if (device.unbound.size() < routes_min) return std::nullopt;
  return Reason{fmt::format("brought packets of {} addresses that nothing binds to it", routes_min),
                "many-sources"};
}

std::optional<Reason> Attribution::next_hop(const Observation& observation) const {
  std::string_view rest = observation.text.view();
  if (rest.empty()) return std::nullopt;
  while (!rest.empty()) {
    size_t end = std::min(rest.find(' '), rest.size());
    auto ip = IpAddress::parse(rest.substr(0, end));
    if (!ip || bound(observation.context, *ip) == observation.host.mac) return std::nullopt;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return Reason{fmt::format("several hosts sent it packets for {}, which nothing binds to it",
                            observation.text.view()),
                "next-hop"};
}

}  // namespace tapwarden
