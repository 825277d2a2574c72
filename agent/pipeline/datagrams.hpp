// SPDX-License-Identifier: Apache-2.0
// Datagrams: a message that spans several UDP datagrams of one direction (a long hello of QUIC or
// DTLS) is read again with the next datagram behind it. Everything is allocated beforehand; the
// oldest gives way.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "decode/packet.hpp"
#include "dissect/dispatch.hpp"
#include "dissect/emit.hpp"

namespace tapwarden {

class Datagrams {
 public:
  static constexpr size_t places = 256;
  static constexpr size_t size_max = 12288;      ///< octets of one message, of all its datagrams
  static constexpr unsigned datagrams_max = 16;  ///< of one message
  static constexpr std::chrono::seconds age_max{5};

  struct Counters {
    uint64_t completed = 0;
    uint64_t evicted = 0;   ///< gave way, or grew too old, before they were whole
    uint64_t too_long = 0;  ///< went on for more octets or datagrams than are put together
  };

  Datagrams(Dispatch& dispatch, Emit& emit);

  /// Takes a UDP packet and dispatches it, with what came before it where that waits for it.
  void operator()(const Packet& packet);
  const Counters& counters() const { return counters_; }

 private:
  static constexpr size_t ways = 4;

  struct Message {
    uint64_t hash = 0;  // 0: the place is free
    Timestamp first;
    unsigned datagrams = 0;
    size_t size = 0;
  };

  Bytes octets_of(const Message& message) const;
  Message* waiting(uint64_t hash, Timestamp now);
  Message& place(uint64_t hash);
  bool append(Message& message, Bytes datagram);
  void release(Message& message);

  Dispatch& dispatch_;
  Emit& emit_;
  uint64_t seed_;
  std::vector<Message> messages_;
  std::vector<uint8_t> octets_;  // size_max for each
  size_t waiting_count_ = 0;
  Counters counters_;
};

}  // namespace tapwarden
