// SPDX-License-Identifier: Apache-2.0
#include "pipeline/novelty.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

#include "core/seed.hpp"

namespace tapwarden {

namespace {

struct HostOctets {
  std::array<char, sizeof(Context) + sizeof(Mac) + sizeof(IpAddress) + 1> octets;

  HostOctets(const Context& context, const Host& host) {
    std::memcpy(octets.data(), &context, sizeof context);
    std::memcpy(octets.data() + sizeof context, &host.mac, sizeof host.mac);
    std::memcpy(octets.data() + sizeof context + sizeof host.mac, &host.ip, sizeof host.ip);
    // What is told of a host in another light is new: it may move what was said before.
    octets.back() = static_cast<char>((host.mac_is_own ? 1 : 0) | (host.is_beyond_router ? 2 : 0) |
                                      (host.was_forwarded ? 4 : 0));
  }
};
static_assert(std::has_unique_object_representations_v<Context>);
static_assert(std::has_unique_object_representations_v<IpAddress>);

/// Never 0: that marks a free place.
uint64_t hash_of(const HostOctets& host, uint64_t seed) {
  return XXH3_64bits_withSeed(host.octets.data(), host.octets.size(), seed) | 1;
}

/// The four places of a hash.
template <typename Entry, size_t Ways>
std::span<Entry, Ways> places(std::vector<Entry>& table, uint64_t hash) {
  size_t bucket = (hash >> 1) & (table.size() / Ways - 1);
  return std::span<Entry, Ways>(table.data() + bucket * Ways, Ways);
}

}  // namespace

Novelty::Novelty(const NoveltySettings& settings, Sink sink, void* owner)
    : hold_(settings.hold),
      sink_(sink),
      owner_(owner),
      seed_(random_seed()),
      facts_(std::bit_ceil(settings.entries)),
      sightings_(std::bit_ceil(settings.entries) / 4) {
  open_.reserve(sightings_.size());
}

void Novelty::fact(const Observation& observation) {
  uint64_t seed = hash_of(HostOctets(observation.context, observation.host), seed_) +
                  (static_cast<uint64_t>(observation.protocol) << 8 |
                   static_cast<uint64_t>(observation.field)) *
                      2;
  std::string_view text = observation.text.view();
  uint64_t hash = XXH3_64bits_withSeed(text.data(), text.size(), seed) | 1;
  auto ways_of = places<Fact, ways>(facts_, hash);
  Fact* oldest = &ways_of[0];
  for (Fact& fact : ways_of) {
    if (fact.hash == hash) {
      // A clock that stepped back must not silence a fact for ever.
      if (std::chrono::abs(observation.time - fact.sent) < hold_) {
        ++counters_.repeated;
        return;
      }
      fact.sent = observation.time;
      return sink_(owner_, observation);
    }
    if (fact.hash == 0 ? oldest->hash != 0 : oldest->hash != 0 && fact.sent < oldest->sent)
      oldest = &fact;
  }
  if (oldest->hash != 0) ++counters_.facts_evicted;
  *oldest = {hash, observation.time};
  sink_(owner_, observation);
}

bool Novelty::sighting(const Packet& packet, const Host& host) {
  uint64_t hash = hash_of(HostOctets(packet.context, host), seed_);
  auto ways_of = places<Sighting, ways>(sightings_, hash);
  Sighting* found = nullptr;
  Sighting* oldest = &ways_of[0];
  for (Sighting& sighting : ways_of) {
    if (sighting.hash == hash) {
      found = &sighting;
      break;
    }
    if (sighting.hash == 0 ? oldest->hash != 0
                           : oldest->hash != 0 && sighting.last < oldest->last) {
      oldest = &sighting;
    }
  }
  bool is_new = found == nullptr;
  if (is_new) {
    if (oldest->hash != 0) ++counters_.sightings_evicted;
    if (oldest->packets != 0) tell(*oldest);
    found = oldest;
    *found = {packet.context, host, hash, 0, packet.source, packet.frame, packet.time, packet.time};
  }
  ++found->packets;
  found->last = packet.time;
  found->source = packet.source;
  found->frame = packet.frame;
  bool is_full = found->packets == std::numeric_limits<uint32_t>::max();
  bool is_due = is_new || is_full || std::chrono::abs(packet.time - found->told) >= hold_;
  if (is_due) tell(*found);
  return is_due;
}

void Novelty::tell(Sighting& sighting) {
  told_.time = sighting.last;
  told_.frame = sighting.frame;
  told_.source = sighting.source;
  told_.packets = sighting.packets;
  told_.context = sighting.context;
  told_.host = sighting.host;
  sighting.packets = 0;
  sighting.told = sighting.last;
  sink_(owner_, told_);
}

void Novelty::flush() {
  open_.clear();
  for (Sighting& sighting : sightings_) {
    if (sighting.packets != 0) open_.push_back(&sighting);
  }
  // In the order of the capture: that of the table is another one in each run.
  auto order = [](const Sighting* one) { return std::tuple(one->last, one->source, one->frame); };
  std::ranges::sort(open_, {}, order);
  for (Sighting* sighting : open_) tell(*sighting);
}

}  // namespace tapwarden
