// SPDX-License-Identifier: Apache-2.0
// EtherTypes that the IEEE list gives to one maker each, and whose format nobody has published: the
// number is said, and nothing of what is behind it.
#include <array>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

void vendor_ethertypes(const Packet& packet, Reader&, Emit& emit) {
  std::array<uint8_t, 2> number{static_cast<uint8_t>(packet.ethertype >> 8),
                                static_cast<uint8_t>(packet.ethertype)};
  emit.hex(Field::ether_type, number);
}

}  // namespace tapwarden::protocols
