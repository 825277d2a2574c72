// SPDX-License-Identifier: Apache-2.0
// Streams: the first octets of each TCP direction, put together in order, so that a head or a
// certificate that spans segments is read whole. Everything is allocated beforehand; the oldest
// gives way, and is read as far as it came.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "decode/packet.hpp"
#include "dissect/dispatch.hpp"
#include "dissect/emit.hpp"

namespace tapwarden {

struct StreamSettings {
  size_t directions = 65536;  ///< TCP directions remembered for each tap, 64 to 16777216
  size_t gathering = 512;     ///< of these, put together at a time, 8 to 65536
  size_t head_size = 16384;   ///< octets looked at of each, 1024 to 65536

  bool operator==(const StreamSettings&) const = default;
};

class Streams {
 public:
  struct Counters {
    uint64_t evicted = 0;  ///< heads that gave way before they were whole
    uint64_t gapped = 0;   ///< segments that lay too far apart to keep
  };

  Streams(const StreamSettings& settings, Dispatch& dispatch, Emit& emit);

  /// Takes a TCP packet; dispatches when a message is whole, the head is full or the direction
  /// ends.
  void operator()(const Packet& packet);
  /// Reads all that is still being put together.
  void flush();
  const Counters& counters() const { return counters_; }

 private:
  static constexpr size_t ways = 4;
  static constexpr size_t ranges_max = 4;
  /// All attempts to read one head together look at no more octets than so many times its size;
  /// then it must grow by a quarter for the next. Segments of one octet cost no more than that.
  static constexpr size_t looks_max = 8;
  static constexpr uint32_t no_head = UINT32_MAX;

  enum class State : uint8_t { waiting, gathering, finished };
  struct Direction {
    uint64_t hash = 0;
    Timestamp last;
    uint32_t base = 0;  // sequence number of the first octet
    uint32_t head = no_head;
    State state = State::waiting;
  };
  struct Place {
    Direction& direction;
    bool is_known;
  };
  struct Range {
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  struct Head {
    Direction* direction = nullptr;
    std::vector<uint8_t> octets;
    std::array<Range, ranges_max>
        ranges{};  // what is there, in order; the first begins at 0 when it is whole so far
    size_t ranges_count = 0;
    uint32_t end = UINT32_MAX;  // where the direction ends, once its FIN was seen
    size_t looked_at = 0;       // octets, of all attempts to read it
    uint32_t next_attempt = 0;  // not before it has grown so far
    Packet packet;              // the last, for its addresses and frame number

    uint32_t contiguous() const {
      return ranges_count != 0 && ranges[0].begin == 0 ? ranges[0].end : 0;
    }
  };

  Place place_of(uint64_t hash);
  Direction& take(Direction& place, const Packet& packet, uint64_t hash);
  void start(Direction& direction, uint32_t base);
  Head& head_of(Direction& direction);
  bool may_attempt(Head& head, uint32_t size) const;
  bool insert(Head& head, uint32_t begin, Bytes octets);
  void gather(Direction& direction, const Packet& packet, uint32_t offset, Bytes payload);
  void end(Direction& direction, uint32_t offset);
  /// True when nothing more is wanted.
  bool read(const Packet& packet, Bytes octets, bool more_may_come);
  void finish(Direction& direction);

  StreamSettings settings_;
  Dispatch& dispatch_;
  Emit& emit_;
  uint64_t seed_;
  std::vector<Direction> directions_;
  std::vector<Head> heads_;
  size_t next_head_ = 0;
  Counters counters_;
};

}  // namespace tapwarden
