// SPDX-License-Identifier: Apache-2.0
// S1AP (3GPP TS 36.413): the names that a base station and the core's mobility management give
// themselves when they set up their interface. Nothing else is read: it is about subscribers.
#include "dissect/dissectors.hpp"
#include "dissect/setup_names.hpp"

namespace tapwarden::protocols {

void s1ap(const Packet&, Reader& reader, Emit& emit) {
  constexpr uint8_t kSetup = 17;
  constexpr uint16_t kNames[] = {60, 61};  // eNBname, MMEname
  setup_names(kSetup, kNames, reader, emit);
}

}  // namespace tapwarden::protocols
