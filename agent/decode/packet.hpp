// SPDX-License-Identifier: Apache-2.0
// Packet: the decoded view of a frame that dispatch and dissectors read. It points into the
// capture's buffer and is valid during the callback only.
#pragma once

#include <cstdint>

#include "core/address.hpp"
#include "core/context.hpp"
#include "core/reader.hpp"
#include "core/time.hpp"

namespace tapwarden {

struct Packet {
  Timestamp time;
  uint64_t frame = 0;
  uint32_t source = 0;
  Context context;
  bool cut = false;  ///< the snap length took a part away: short is not malformed

  Mac source_mac;  ///< none where the link has none (raw IP, loopback)
  Mac target_mac;
  Mac transmitter_mac;  ///< of an 802.11 data frame: the station or access point that put it on the
                        ///< air
  uint16_t ethertype = 0;  ///< of the innermost header, 0 for pure LLC
  uint32_t snap_oui = 0;   ///< of a SNAP header that is not OUI 0
  uint16_t snap_number = 0;
  uint8_t llc_sap = 0;

  IpAddress source_ip;
  IpAddress target_ip;
  uint8_t hop_limit = 0;    ///< IPv4 TTL or IPv6 hop limit
  uint8_t ip_protocol = 0;  ///< after all extension headers
  bool fragment = false;    ///< not the first fragment: no transport header, payload is raw

  uint16_t source_port = 0;
  uint16_t target_port = 0;
  uint8_t tcp_flags = 0;
  uint32_t tcp_sequence = 0;
  uint8_t icmp_type = 0;

  Bytes payload;  ///< behind the innermost header that was decoded

  bool is_ip() const { return static_cast<bool>(source_ip); }
};

}  // namespace tapwarden
