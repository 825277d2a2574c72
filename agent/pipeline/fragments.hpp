// SPDX-License-Identifier: Apache-2.0
// Fragments: IPv4 and IPv6 datagrams put together again (RFC 791, RFC 8200 section 4.5). Everything
// is allocated beforehand; the oldest unfinished datagram gives way, and is read as far as it came.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <vector>

#include "decode/packet.hpp"

namespace tapwarden {

struct FragmentSettings {
  size_t datagrams = 64;  ///< put together at a time for each tap, 64 KiB each; 1 to 4096

  bool operator==(const FragmentSettings&) const = default;
};

class Fragments {
 public:
  static constexpr std::chrono::seconds age_max{
      30};  ///< RFC 1122 asks for 60 to 120: a tap need not be so patient

  struct Counters {
    uint64_t assembled = 0;
    uint64_t evicted = 0;      ///< gave way, or grew too old, before they were whole
    uint64_t overlapping = 0;  ///< fragments that said again what was there: the first is believed
    uint64_t contradicting = 0;  ///< fragments that cannot be of the datagram whose name they bear
    uint64_t heads = 0;  ///< datagrams that were never whole, of which the front was handed on
  };

  /// Gets the front of a datagram that will not be whole: payload and flags as complete() leaves
  /// them, and cut is set. The payload is valid during the call only.
  using HeadSink = void (*)(void* owner, Packet& head);

  Fragments(const FragmentSettings& settings, HeadSink sink, void* owner);

  /// Takes a fragment. When it completes its datagram, `packet` becomes the whole: its payload,
  /// valid until the next call, is what stands behind the IP headers, for decode_transport.
  /// Otherwise false.
  bool complete(Packet& packet);
  /// Gives up all that is not whole: at the end.
  void flush();
  const Counters& counters() const { return counters_; }

 private:
  static constexpr size_t size_max = 65536;
  static constexpr size_t unit = 8;  // fragments lie on multiples of eight octets

  struct Datagram {
    bool is_used = false;
    Context context;
    IpAddress source;
    IpAddress target;
    uint32_t id = 0;
    uint8_t protocol = 0;
    Timestamp first;
    Packet head;          // the first fragment's, without its payload, once it is there
    bool is_cut = false;  // the snap length took a part of a fragment
    size_t size = 0;      // known from the last fragment; 0 until then
    size_t reach = 0;     // where the farthest fragment ends
    size_t units_there = 0;
    std::bitset<size_max / unit> there;
    std::vector<uint8_t> octets;
  };

  Datagram& datagram_of(const Packet& packet);
  Datagram& place();
  void give_up(Datagram& datagram);

  HeadSink sink_;
  void* owner_;
  std::vector<Datagram> datagrams_;
  std::vector<uint8_t> whole_;  // the last one that was completed: what is inside may be a fragment
  Counters counters_;
};

}  // namespace tapwarden
