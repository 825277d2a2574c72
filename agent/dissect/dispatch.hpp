// SPDX-License-Identifier: Apache-2.0
// Dispatch: which dissector reads this packet. Content decides before the port does.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/protocol.hpp"
#include "decode/packet.hpp"
#include "dissect/emit.hpp"

namespace tapwarden {

/// One switch for each row of the protocol table.
using ProtocolSet = std::array<bool, protocols_count>;
ProtocolSet all_protocols();

class Dispatch {
 public:
  struct Counters {
    std::array<uint64_t, protocols_count> read{};       ///< messages handed to the dissector
    std::array<uint64_t, protocols_count> malformed{};  ///< of these, not what they claim to be
    std::array<uint64_t, protocols_count>
        cut{};  ///< of these, ended early by the capture's snap length
  };

  /// The tables are built here, once; dispatching allocates nothing.
  explicit Dispatch(ProtocolSet enabled);

  /// True when the message goes on in the next datagram.
  bool operator()(const Packet& packet, Emit& emit);

  enum class Outcome : uint8_t {
    unknown,  ///< no dissector knows the payload
    short_,   ///< one does, and wants more than there is
    whole,
  };
  /// Reads the packet without emitting or counting anything, to see whether its message is whole.
  Outcome would_read(const Packet& packet, Emit& emit) const;
  const Counters& counters() const { return counters_; }

 private:
  struct Start {
    std::string_view text;
    size_t at;
    Protocol protocol;
  };
  using Starts = std::array<std::vector<Start>, 256>;  // by first octet

  Protocol protocol_of(const Packet& packet) const;
  Protocol read(Protocol protocol, const Packet& packet, Reader& reader, Emit& emit);
  static Protocol by_content(const Starts& starts, Bytes payload);

  ProtocolSet enabled_;
  std::vector<Protocol> ethertype_, udp_, tcp_, sctp_;  // 65536 entries each
  std::array<Protocol, 256> llc_{}, ip_protocol_{}, icmpv6_{}, sctp_payload_{};
  std::array<Protocol, 16> wifi_management_{};
  struct Snap {
    uint32_t oui;
    uint16_t number;
    Protocol protocol;
  };
  std::vector<Snap> snap_;
  Starts udp_starts_, tcp_starts_;
  Counters counters_;
};

}  // namespace tapwarden
