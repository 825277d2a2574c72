// SPDX-License-Identifier: Apache-2.0
// Packet: the decoded view of a frame that dispatch and dissectors read. It points into the
// capture's buffer and is valid during the callback only.
#pragma once

#include <cstdint>
#include <optional>

#include "core/address.hpp"
#include "core/context.hpp"
#include "core/reader.hpp"
#include "core/time.hpp"

namespace tapwarden {

/// What hides the rest of a packet.
enum class Opaque : uint8_t { none, macsec, esp, wifi, capwap };
inline constexpr size_t opaque_count = 5;

struct Packet {
  Timestamp time;
  uint64_t frame = 0;
  uint32_t source = 0;
  Context context;
  Opaque opaque = Opaque::none;
  bool is_pseudowire = false;  ///< MPLS with an Ethernet frame as payload
  uint32_t mpls_label = 0;     ///< at the bottom of the stack: a pseudowire's own
  uint8_t encapsulations = 0;  ///< headers between the frame and its packet that nest
  static constexpr uint8_t encapsulations_max = 8;
  bool was_routed = false;  ///< an MPLS label says that the source MAC forwards for others
  bool cut = false;         ///< the snap length took a part away: short is not malformed

  Mac source_mac;  ///< none where the link has none (raw IP, loopback)
  Mac target_mac;
  Mac transmitter_mac;  ///< of an 802.11 data frame: the station or access point that put it on the
                        ///< air
  std::optional<uint8_t> wifi_management;  ///< subtype of an 802.11 management frame
  uint16_t ethertype = 0;                  ///< of the innermost header, 0 for pure LLC
  bool is_untyped = false;                 ///< zero stood in its place: neither LLC nor a type
  uint32_t snap_oui = 0;                   ///< of a SNAP header that is not OUI 0
  uint16_t snap_number = 0;
  uint8_t llc_sap = 0;

  IpAddress source_ip;
  IpAddress target_ip;
  uint8_t hop_limit = 0;    ///< IPv4 TTL or IPv6 hop limit
  uint8_t ip_protocol = 0;  ///< after all extension headers
  /// A part of a datagram: payload is what stands behind the IP headers, and no transport header
  /// was read.
  bool fragment = false;
  bool more_fragments = false;
  uint32_t fragment_id = 0;
  uint16_t fragment_offset = 0;  ///< in octets

  uint16_t source_port = 0;
  uint16_t target_port = 0;
  uint8_t tcp_flags = 0;
  uint32_t tcp_sequence = 0;
  uint8_t icmp_type = 0;
  uint32_t sctp_payload = 0;  ///< payload protocol identifier of the DATA chunk that payload is of

  Bytes payload;  ///< behind the innermost header that was decoded

  bool is_ip() const { return static_cast<bool>(source_ip); }
};

}  // namespace tapwarden
