// SPDX-License-Identifier: Apache-2.0
// Stacks: whether several TCP stacks speak from one address. Connections are opened with a hop
// limit of 64, 128 or 255, by operating system (RFC 1700 and vendor defaults); a host opens all of
// its own alike, a translator of addresses (RFC 3022) those of others too. A fixed table, four
// places for each hash; the oldest of the four gives way.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/observation.hpp"
#include "decode/packet.hpp"

namespace tapwarden {

class Stacks {
 public:
  using Sink = void (*)(void* owner, const Observation& observation);
  /// Two start values speak of several stacks only when they are seen so near to each other: an
  /// address may pass to another host.
  static constexpr std::chrono::minutes window{10};
  static constexpr size_t entries = 8192;
  static constexpr size_t starts_count = 3;

  Stacks(Sink sink, void* owner);

  /// Looks at a packet that opens a connection; tells the hop limits once they contradict each
  /// other, each with the frame where it was seen first.
  void operator()(const Packet& packet, const Host& sender);
  uint64_t evicted() const { return evicted_; }

 private:
  struct Seen {
    Timestamp first, last;
    uint64_t frame = 0;  // 0: not seen
    uint32_t source = 0;
    Host host;
    uint8_t hop_limit = 0;
    bool is_told = false;
  };
  struct Entry {
    Context context;
    Mac mac;
    IpAddress ip;  // none: a free place
    Timestamp last;
    std::array<Seen, starts_count> seen{};
  };

  Entry& entry_of(const Packet& packet, const Host& sender);
  void tell(const Entry& entry, Seen& seen, uint8_t start);

  Sink sink_;
  void* owner_;
  uint64_t seed_;
  std::vector<Entry> table_;
  Observation told_;
  uint64_t evicted_ = 0;
};

}  // namespace tapwarden
