// SPDX-License-Identifier: Apache-2.0
// Novelty: the reducer. A fact said again within the hold is not sent again, and packets of a known
// sender are counted here and told in sums. Two fixed tables, four places for each hash; the oldest
// of the four gives way.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "core/observation.hpp"
#include "decode/packet.hpp"

namespace tapwarden {

struct NoveltySettings {
  size_t entries = 262144;  ///< facts remembered for each tap, 1024 to 16777216
  std::chrono::milliseconds hold = std::chrono::minutes(5);  ///< 1 s to 1 d

  bool operator==(const NoveltySettings&) const = default;
};

class Novelty {
 public:
  using Sink = void (*)(void* owner, const Observation& observation);
  struct Counters {
    uint64_t repeated = 0;       ///< facts held back because they were said within the hold
    uint64_t facts_evicted = 0;  ///< facts forgotten for want of room: they may be sent early again
    uint64_t sightings_evicted = 0;  ///< senders whose sum was told early for want of room
  };

  Novelty(const NoveltySettings& settings, Sink sink, void* owner);

  /// Sends the fact unless it was sent within the hold.
  void fact(const Observation& observation);
  /// Counts a packet of this sender; the first is told at once, the others in a sum when the hold
  /// is over. True when it was told.
  bool sighting(const Packet& packet, const Host& host);
  /// Tells all sums.
  void flush();
  const Counters& counters() const { return counters_; }

 private:
  static constexpr size_t ways = 4;
  struct Fact {
    uint64_t hash = 0;
    Timestamp sent;
  };
  struct Sighting {
    Context context;
    Host host;
    uint64_t hash = 0;
    uint32_t packets = 0;  // not told yet
    uint32_t source = 0;
    uint64_t frame = 0;
    Timestamp told;
    Timestamp last;
  };

  void tell(Sighting& sighting);

  std::chrono::nanoseconds hold_;
  Sink sink_;
  void* owner_;
  uint64_t seed_;  // an attacker who knew it could make two facts one
  std::vector<Fact> facts_;
  std::vector<Sighting> sightings_;
  std::vector<Sighting*> open_;  // scratch of flush(), so that it allocates nothing
  Observation told_;
  Counters counters_;
};

}  // namespace tapwarden
