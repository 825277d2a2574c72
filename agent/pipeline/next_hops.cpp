// SPDX-License-Identifier: Apache-2.0
#include "pipeline/next_hops.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

#include "core/seed.hpp"

namespace tapwarden {

namespace {

constexpr size_t kWays = 4;
static_assert(std::has_single_bit(NextHops::entries));

bool same_route(const IpAddress& a, const IpAddress& b) {
  if (a.is_v6() && b.is_v6()) return std::ranges::equal(a.octets().first(8), b.octets().first(8));
  return a == b;
}

}  // namespace

NextHops::NextHops() : seed_(random_seed()), table_(entries) {}

void NextHops::operator()(const Packet& packet, const Host& sender, Emit& emit) {
  // Only what a host itself sends by a way that need not end at the MAC it goes to.
  if (!packet.target_mac || packet.target_mac.is_group() || !packet.target_ip.is_host() ||
      packet.target_ip.is_link_local() || !sender.mac || sender.mac.is_group() ||
      sender.is_beyond_router) {
    return;
  }
  Entry& entry = entry_of(packet);
  if (entry.is_told) {
    if (std::chrono::abs(packet.time - entry.last) < hold) return;
    entry.is_told = false;
    entry.targets_count = entry.senders_count = 0;
  }
  entry.last = packet.time;
  auto targets = std::span(entry.targets).first(entry.targets_count);
  bool is_known = std::ranges::any_of(
      targets, [&](const IpAddress& one) { return same_route(one, packet.target_ip); });
  if (!is_known && entry.targets_count < targets_min)
    entry.targets[entry.targets_count++] = packet.target_ip;
  auto senders = std::span(entry.senders).first(entry.senders_count);
  if (entry.senders_count < senders_min &&
      std::ranges::find(senders, sender.mac) == senders.end()) {
    entry.senders[entry.senders_count++] = sender.mac;
  }
  if (entry.targets_count < targets_min || entry.senders_count < senders_min) return;
  entry.is_told = true;
  tell(packet, entry, emit);
}

NextHops::Entry& NextHops::entry_of(const Packet& packet) {
  std::array<char, sizeof(Context) + sizeof(Mac)> octets;
  std::memcpy(octets.data(), &packet.context, sizeof packet.context);
  std::memcpy(octets.data() + sizeof packet.context, &packet.target_mac, sizeof packet.target_mac);
  uint64_t hash = XXH3_64bits_withSeed(octets.data(), octets.size(), seed_);
  auto places = std::span(table_).subspan((hash & (entries / kWays - 1)) * kWays, kWays);
  for (Entry& entry : places) {
    if (entry.mac == packet.target_mac && entry.context == packet.context) return entry;
  }
  Entry& oldest = *std::ranges::min_element(
      places, {}, [](const Entry& entry) { return std::pair(bool(entry.mac), entry.last); });
  if (oldest.mac) ++evicted_;
  oldest = {};
  oldest.context = packet.context;
  oldest.mac = packet.target_mac;
  return oldest;
}

/// The addresses with a blank between them.
void NextHops::tell(const Packet& packet, const Entry& entry, Emit& emit) {
  std::array<char, targets_min*(ip_text_max + 1)> text;
  size_t size = 0;
  for (const IpAddress& target : entry.targets) {
    if (size != 0) text[size++] = ' ';
    size += write(target, std::span<char, ip_text_max>(text.data() + size, ip_text_max));
  }
  emit.begin(packet, Protocol::ethernet);
  emit.about(packet.target_mac, {});
  emit.text(Field::next_hop, {text.data(), size});
}

}  // namespace tapwarden
