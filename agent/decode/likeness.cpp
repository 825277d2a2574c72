// SPDX-License-Identifier: Apache-2.0
#include "decode/likeness.hpp"

#include "decode/decode.hpp"

namespace tapwarden {

/// No header says whether a pseudowire has a control word, nor whether it is one, so the type of
/// the Ethernet header must be one that is met.
bool looks_like_ethernet(Bytes octets) {
  constexpr size_t header = 14;
  if (octets.size() <= header) return false;
  uint16_t type = static_cast<uint16_t>(octets[12] << 8 | octets[13]);
  size_t rest = octets.size() - header;
  uint8_t next = octets[header];
  switch (type) {
    case 0x0800:
      return next >> 4 == 4 && (next & 15) >= 5;
    case 0x86dd:
      return next >> 4 == 6;
    case 0x0806:
      return rest >= 8 && next == 0 && octets[header + 1] == 1;
    case 0x8100:
    case 0x88a8:
    case 0x88cc:
    case 0x8863:
    case 0x9000:
      return true;
    default:
      return is_encapsulation(type) || (type >= 3 && type <= 1500 && type <= rest);
  }
}

bool looks_like_ipv4(Bytes octets) {
  size_t header = octets.empty() ? 0 : (octets[0] & 15) * size_t{4};
  if (header < 20 || header > octets.size()) return false;
  uint32_t sum = 0;
  for (size_t i = 0; i < header; i += 2) sum += uint32_t{octets[i]} << 8 | octets[i + 1];
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return sum == 0xffff;
}

}  // namespace tapwarden
