// SPDX-License-Identifier: Apache-2.0
// Samples: the frames inside messages by which a switch tells others what it saw: sFlow version 5
// (sflow.org) and OpenFlow's packet-in. Unlike a tunnel's, there may be several in one packet.
#pragma once

#include <optional>
#include <utility>

#include "decode/packet.hpp"

namespace tapwarden {

class Samples {
 public:
  static constexpr int samples_max = 64;  ///< of one message
  static constexpr int records_max = 32;  ///< of one sample

  /// Takes the packet for what its port says that it is. False when it is no such message; true
  /// also for one that holds no frame.
  bool open(const Packet& packet);
  bool is_open() const { return kind_ != Tunnel::none; }
  Tunnel kind() const { return kind_; }

  struct Sample {
    Bytes octets;
    int link_type = 1;
    bool is_cut = false;  ///< the switch sent only the front of it
  };
  /// The next one; nothing at the end, where is_open() becomes false.
  std::optional<Sample> next();
  /// The packet that the samples came in.
  const Packet& outer() const { return outer_; }
  /// Whether the last message was not what it claims to be; said once.
  bool take_malformed() { return std::exchange(is_malformed_, false); }

 private:
  bool open_sflow();
  bool next_flow();
  std::optional<Sample> next_header();
  std::optional<Sample> next_packet_in();
  void close(bool is_malformed);

  Tunnel kind_ = Tunnel::none;
  bool is_malformed_ = false;
  int samples_ = 0;
  int records_left_ = 0;
  Reader message_;
  Reader records_;
  Packet outer_;
};

}  // namespace tapwarden
