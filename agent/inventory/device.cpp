// SPDX-License-Identifier: Apache-2.0
#include "inventory/device.hpp"

#include <algorithm>
#include <boost/container_hash/hash.hpp>

namespace tapwarden {

std::string_view to_string(Role role) {
  static constexpr std::string_view names[] = {"station", "guest",  "bridge", "router",
                                               "virtual", "routed", "remote"};
  return names[static_cast<size_t>(role)];
}

std::string_view to_string(Grade grade) {
  static constexpr std::string_view names[] = {"possible", "probable", "confirmed"};
  return names[static_cast<size_t>(grade)];
}

size_t hash_value(const HostKey& key) {
  size_t seed = 0;
  boost::hash_combine(seed, key.context.tap);
  boost::hash_combine(seed, static_cast<uint8_t>(key.context.tunnel));
  boost::hash_combine(seed, key.context.tunnel_id);
  for (uint16_t vlan : key.context.vlans()) boost::hash_combine(seed, vlan);
  boost::hash_combine(seed, key.mac.value());
  auto octets = key.ip.octets();
  boost::hash_range(seed, octets.begin(), octets.end());
  return seed;
}

bool Device::has(const HostKey& one) const {
  return key == one || std::ranges::find(aliases, one) != aliases.end();
}

std::string_view sold_as(const Device& device) {
  const Claim* brand = best(device, Aspect::brand);
  if (!device.verdict || brand == nullptr || brand->supplier == device.verdict->supplier) return {};
  auto letters = [](std::string_view text) {
    std::string folded;
    for (char c : text) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) folded += c;
    }
    return folded;
  };
  std::string name = letters(brand->value);
  bool is_own = name.find(letters(device.verdict->supplier)) != std::string::npos;
  return is_own || name.empty() ? std::string_view() : std::string_view(brand->value);
}

const Claim* best(const Device& device, Aspect aspect) {
  const Claim* found = nullptr;
  for (const Evidence& evidence : device.evidence) {
    const Claim& claim = evidence.claim;
    if (claim.aspect == aspect && (found == nullptr || claim.certainty > found->certainty))
      found = &claim;
  }
  return found;
}

}  // namespace tapwarden
