// SPDX-License-Identifier: Apache-2.0
// Frame: what a capture hands over. It points into the capture's buffer and is valid during the
// callback only.
#pragma once

#include <cstdint>

#include "core/reader.hpp"
#include "core/time.hpp"

namespace tapwarden {

struct Frame {
  Bytes bytes;             ///< as captured
  uint32_t wire_size = 0;  ///< as on the wire; larger than bytes where the snap length cut
  int link_type = 0;       ///< LINKTYPE_ value (tcpdump.org registry)
  uint16_t tap = 0;
  uint32_t source = 0;  ///< which capture
  uint64_t number = 0;  ///< from 1 in its capture
  Timestamp time;
};

}  // namespace tapwarden
