// SPDX-License-Identifier: Apache-2.0
// NGAP (3GPP TS 38.413): the names that a base station and the core's access function give
// themselves when they set up their interface. Nothing else is read: it is about subscribers.
#include "dissect/dissectors.hpp"
#include "dissect/setup_names.hpp"

namespace tapwarden::protocols {

void ngap(const Packet&, Reader& reader, Emit& emit) {
  constexpr uint8_t kSetup = 21;
  constexpr uint16_t kNames[] = {1, 82};  // AMFName, RANNodeName
  setup_names(kSetup, kNames, reader, emit);
}

}  // namespace tapwarden::protocols
