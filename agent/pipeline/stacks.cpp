// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stacks.hpp"

#include <netinet/in.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <span>
#include <string_view>

#include "core/seed.hpp"

namespace tapwarden {

namespace {

constexpr size_t kWays = 4;
constexpr uint8_t kSyn = 0x02, kAck = 0x10;
constexpr std::array<uint8_t, Stacks::starts_count> kStarts = {64, 128, 255};
/// Paths of more hops are rare; what is lower was set by hand, as by a tracer of routes.
constexpr uint8_t kHopsMax = 30;
static_assert(std::has_single_bit(Stacks::entries));

/// Index of the start value from which a hop limit came down.
std::optional<size_t> start_of(uint8_t hop_limit) {
  for (size_t i = 0; i < kStarts.size(); ++i) {
    if (hop_limit <= kStarts[i])
      return kStarts[i] - hop_limit <= kHopsMax ? std::optional(i) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Stacks::Stacks(Sink sink, void* owner)
    : sink_(sink), owner_(owner), seed_(random_seed()), table_(entries) {
  told_.protocol = Protocol::ethernet;
  told_.field = Field::hop_limit;
}

void Stacks::operator()(const Packet& packet, const Host& sender) {
  bool opens = packet.ip_protocol == IPPROTO_TCP && !packet.fragment &&
               (packet.tcp_flags & (kSyn | kAck)) == kSyn;
  if (!opens || !sender.ip.is_host()) return;
  auto start = start_of(packet.hop_limit);
  if (!start) return;
  Entry& entry = entry_of(packet, sender);
  entry.last = packet.time;
  Seen& own = entry.seen[*start];
  if (own.frame == 0 || std::chrono::abs(packet.time - own.last) > window) {
    own = {packet.time, packet.time, packet.frame, packet.source, sender, packet.hop_limit};
  }
  own.last = packet.time;
  auto is_near = [&](const Seen& one) {
    return &one != &own && one.frame != 0 && std::chrono::abs(packet.time - one.last) <= window;
  };
  if (std::ranges::none_of(entry.seen, is_near)) return;
  for (size_t i = 0; i < kStarts.size(); ++i) {
    Seen& one = entry.seen[i];
    if ((&one == &own || is_near(one)) && !one.is_told) tell(entry, one, kStarts[i]);
  }
}

Stacks::Entry& Stacks::entry_of(const Packet& packet, const Host& sender) {
  std::array<char, sizeof(Context) + sizeof(Mac) + sizeof(IpAddress)> octets;
  std::memcpy(octets.data(), &packet.context, sizeof packet.context);
  std::memcpy(octets.data() + sizeof packet.context, &sender.mac, sizeof sender.mac);
  std::memcpy(octets.data() + sizeof packet.context + sizeof sender.mac, &sender.ip,
              sizeof sender.ip);
  uint64_t hash = XXH3_64bits_withSeed(octets.data(), octets.size(), seed_);
  auto places = std::span(table_).subspan((hash & (entries / kWays - 1)) * kWays, kWays);
  for (Entry& entry : places) {
    if (entry.ip == sender.ip && entry.mac == sender.mac && entry.context == packet.context)
      return entry;
  }
  Entry& oldest = *std::ranges::min_element(
      places, {}, [](const Entry& entry) { return std::pair(bool(entry.ip), entry.last); });
  if (oldest.ip) ++evicted_;
  oldest = {};
  oldest.context = packet.context;
  oldest.mac = sender.mac;
  oldest.ip = sender.ip;
  return oldest;
}

void Stacks::tell(const Entry& entry, Seen& seen, uint8_t start) {
  std::array<char, 16> text;
  char* end = std::to_chars(text.data(), text.data() + 3, seen.hop_limit).ptr;
  end = std::ranges::copy(std::string_view(" of "), end).out;
  end = std::to_chars(end, text.data() + text.size(), start).ptr;
  told_.time = seen.first;
  told_.frame = seen.frame;
  told_.source = seen.source;
  told_.context = entry.context;
  told_.host = seen.host;
  told_.text.assign_clean({text.data(), static_cast<size_t>(end - text.data())});
  seen.is_told = true;
  sink_(owner_, told_);
}

}  // namespace tapwarden
