// SPDX-License-Identifier: Apache-2.0
// Decode: from a frame's bytes to a Packet, header by header. Whatever was read stays in the packet
// also when a later header is broken: the MAC of a frame with a bad IP header is still a MAC that
// was there.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/frame.hpp"
#include "core/reader.hpp"
#include "decode/packet.hpp"
#include "decode/samples.hpp"

namespace tapwarden {

/// Why a frame could not be decoded to its end.
enum class Undecoded : uint8_t {
  link_type,    ///< a link type that nobody here reads: counted by type as well
  link_header,  ///< shorter than its own link header says
  checksum,     ///< 802.11 that its receiver marked as damaged: its addresses may be anybody's
  vlan_depth,   ///< more VLAN tags than Context holds
  llc,          ///< an 802.3 length or LLC header that cannot be
  ipv4,         ///< version, header length or total length that cannot be
  ipv6,
  udp,
  tcp,
  sctp,
  icmpv6,
  ppp,
  mpls,
  tunnel,  ///< inside a tunnel: never of a frame
};
inline constexpr size_t undecoded_count = 14;
std::string_view to_string(Undecoded reason);

class Decoder {
 public:
  static constexpr size_t link_types_max = 32;

  struct Counters {
    uint64_t frames = 0;
    uint64_t decoded = 0;  ///< frames = decoded + all of undecoded
    std::array<uint64_t, undecoded_count> undecoded{};
    std::array<uint64_t, opaque_count>
        opaque{};  ///< packets whose payload is hidden, by what hides it
    std::array<uint64_t, tunnels_count> tunnelled{};  ///< inner packets, beside the frames
    uint64_t tunnels_malformed = 0;  ///< what came to a tunnel's port and is no such tunnel
    struct LinkType {
      int type = 0;
      uint64_t frames = 0;
    };
    /// The unread link types by number; what finds no room counts in undecoded only.
    std::array<LinkType, link_types_max> link_types{};
  };

  /// Fills `packet`; true when everything up to the transport header was read.
  bool operator()(const Frame& frame, Packet& packet);
  enum class Inner : uint8_t {
    none,    ///< no tunnel: the packet is as it was
    broken,  ///< addresses, but what is behind them cannot be read
    whole,
  };
  /// Goes one tunnel inwards: puts the inner packet in place of the outer.
  Inner enter(Packet& packet);
  /// Puts the next frame of a message of samples in place; none when there is no further one. Call
  /// it when the packet that entered them is done with.
  Inner next_sample(Packet& packet);
  const Counters& counters() const { return counters_; }

 private:
  void count_opaque(const Packet& packet);
  void count_link_type(int type);
  Counters counters_;
  Samples samples_;
};

// The layers, each of which takes its header from the reader and sets packet.payload to what is
// behind it. An empty result means decoded.

/// By link type (tcpdump.org): Ethernet, Linux cooked, 802.11 bare or behind radiotap or PPI, raw
/// IP, loopback.
std::optional<Undecoded> decode_link(int link_type, Reader& reader, Packet& packet);
/// What Apple's and Juniper's systems put before a frame: PKTAP and its link type, or a header of
/// Juniper's. `link_type` is one that is_wrapped() knows.
bool is_wrapped(int link_type);
std::optional<Undecoded> decode_wrapped(int link_type, Reader& reader, Packet& packet);
/// What an EtherType says is next: VLAN tags, IP, or a payload for dispatch.
std::optional<Undecoded> decode_ethertype(uint16_t type, Reader& reader, Packet& packet);
/// 802.2 LLC and SNAP (IEEE 802-2014, clause 9).
std::optional<Undecoded> decode_llc(Reader& reader, Packet& packet);
/// 802.11 (IEEE 802.11-2020, clause 9): addresses of all frames, payload of unprotected data
/// frames. `is_swapped`: the octets of the frame control come the other way round.
std::optional<Undecoded> decode_wifi(Reader& reader, Packet& packet, bool is_swapped = false);
/// IPv4 (RFC 791) or IPv6 (RFC 8200) by `version`, with UDP, TCP and ICMPv6 behind it.
std::optional<Undecoded> decode_ip(int version, Reader& reader, Packet& packet);

/// What stands behind the IP headers, from packet.payload: of a datagram that was put together.
std::optional<Undecoded> decode_transport(Packet& packet);
/// EtherTypes behind which another header of the same packet stands: MPLS, PPPoE session, 802.1ah,
/// VN-tag, FabricPath, NSH; and MACsec, which hides it.
bool is_encapsulation(uint16_t ethertype);
std::optional<Undecoded> decode_encapsulation(uint16_t ethertype, Reader& reader, Packet& packet);
/// What the numbers of NSH (RFC 8300) and VXLAN-GPE name: IP, Ethernet, NSH, MPLS.
std::optional<Undecoded> decode_next_protocol(uint8_t next, Reader& reader, Packet& packet);
/// PPP in HDLC-like framing, or Cisco HDLC: the first octets tell which.
std::optional<Undecoded> decode_hdlc(Reader& reader, Packet& packet);
/// Frame Relay (RFC 2427): IP by NLPID, SNAP, bridged Ethernet.
std::optional<Undecoded> decode_frame_relay(Reader& reader, Packet& packet);
/// PPP (RFC 1661) with or without its address and control octets, in HDLC-like framing (RFC 1662)
/// unescaped.
std::optional<Undecoded> decode_ppp(Reader& reader, Packet& packet);

}  // namespace tapwarden
