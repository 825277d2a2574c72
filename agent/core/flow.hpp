// SPDX-License-Identifier: Apache-2.0
// Flow: between which ends a packet went, in the packet's own direction.
#pragma once

#include <cstdint>

#include "core/address.hpp"

namespace tapwarden {

/// Of TCP, UDP or SCTP; none of anything else.
struct Flow {
  IpAddress source;
  IpAddress target;
  uint16_t source_port = 0;
  uint16_t target_port = 0;
  uint8_t ip_protocol = 0;  ///< IANA's number; 0: no flow

  bool operator==(const Flow&) const = default;
  explicit operator bool() const { return ip_protocol != 0; }
};

}  // namespace tapwarden
