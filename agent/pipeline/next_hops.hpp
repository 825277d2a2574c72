// SPDX-License-Identifier: Apache-2.0
// NextHops: to which MAC addresses hosts send what is meant for others. A tap that sees one
// direction alone never sees a router forward; but it sees several hosts hand it packets for many
// addresses. A fixed table, four places for each hash; the oldest of the four gives way.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "decode/packet.hpp"
#include "dissect/emit.hpp"

namespace tapwarden {

class NextHops {
 public:
  /// So many addresses, IPv6 counted by /64, to which packets went by one MAC, from so many hosts.
  static constexpr size_t targets_min = 4;
  static constexpr size_t senders_min = 2;
  /// Who was told of is counted from the beginning after this long.
  static constexpr std::chrono::minutes hold{5};
  static constexpr size_t entries = 4096;

  NextHops();

  /// Notes whom a packet was handed to, and tells when that one has shown what it is.
  void operator()(const Packet& packet, const Host& sender, Emit& emit);
  uint64_t evicted() const { return evicted_; }

 private:
  struct Entry {
    Context context;
    Mac mac;
    bool is_told = false;
    uint8_t targets_count = 0;
    uint8_t senders_count = 0;
    std::array<IpAddress, targets_min> targets{};
    std::array<Mac, senders_min> senders{};
    Timestamp last;  // a packet; where it is told: when that was
  };

  Entry& entry_of(const Packet& packet);
  static void tell(const Packet& packet, const Entry& entry, Emit& emit);

  uint64_t seed_;
  std::vector<Entry> table_;
  uint64_t evicted_ = 0;
};

}  // namespace tapwarden
