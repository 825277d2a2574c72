// SPDX-License-Identifier: Apache-2.0
// Observation: this host said this text in this protocol field. It owns its text and is the only
// thing that crosses from capture workers to the control thread.
#pragma once

#include <cstdint>
#include <type_traits>

#include "core/address.hpp"
#include "core/context.hpp"
#include "core/flow.hpp"
#include "core/protocol.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace tapwarden {

/// Whom an observation is about, as the packet shows it. Which device that is, attribution decides.
struct Host {
  Mac mac;
  IpAddress ip;
  /// The MAC is the host's own whatever stands between: it came in the host's own words (ARP, DHCP
  /// chaddr, an LLDP frame) or in a frame that no router forwards. False for an IP packet that a
  /// router may have relayed.
  bool mac_is_own = false;
  /// The packet came through a router for certain, so the MAC is the router's: its hop limit is
  /// below every start value, or a public address speaks to a private one.
  bool is_beyond_router = false;
  /// Of these the stronger sign: its hop limit was lowered, or an MPLS label says so.
  bool was_forwarded = false;

  bool operator==(const Host&) const = default;
};

struct Observation {
  static constexpr size_t text_max =
      512;  ///< octets of cleaned UTF-8; what is longer is cut and marked so

  Timestamp time;
  uint64_t frame = 0;    ///< number of the frame in its capture, from 1
  uint32_t source = 0;   ///< which capture: index into the run's files or taps
  uint32_t packets = 0;  ///< how many packets stand behind a sighting
  Context context;
  Host host;
  Flow flow;  ///< that it was said in; none for what many packets say, and below IP
  Protocol protocol = Protocol::ethernet;
  Field field = Field::sighting;
  BoundedText<text_max> text;
};
static_assert(std::is_trivially_copyable_v<Observation>);

}  // namespace tapwarden
