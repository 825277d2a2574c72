// SPDX-License-Identifier: Apache-2.0
#include "inventory/device.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

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

size_t HostKeyHash::operator()(const HostKey& key) const {
  std::array<char, sizeof key.context + sizeof key.mac + sizeof key.ip> octets;
  std::memcpy(octets.data(), &key.context, sizeof key.context);
  std::memcpy(octets.data() + sizeof key.context, &key.mac, sizeof key.mac);
  std::memcpy(octets.data() + sizeof key.context + sizeof key.mac, &key.ip, sizeof key.ip);
  return XXH3_64bits_withSeed(octets.data(), octets.size(), seed);
}
static_assert(std::has_unique_object_representations_v<Context>);
static_assert(std::has_unique_object_representations_v<Mac>);
static_assert(std::has_unique_object_representations_v<IpAddress>);

bool Device::has(const HostKey& one) const {
  return key == one || std::ranges::find(aliases, one) != aliases.end();
}

bool Device::bears(const Mac& mac) const {
  return key.mac == mac || std::ranges::find(aliases, mac, &HostKey::mac) != aliases.end();
}

void Device::shift(std::chrono::nanoseconds time) {
  heard += time;
  for (Presence& presence : presences) presence.heard += time;
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
