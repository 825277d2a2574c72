// SPDX-License-Identifier: Apache-2.0
// Loop detection on EtherType 0x9998, which public decoders know and the IEEE list does not: its
// first two octets are 1.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

void loop_detection(const Packet&, Reader& reader, Emit& emit) {
  uint16_t number = reader.u16();
  if (reader.ok() && number == 1) emit.text(Field::message, "loop-detection");
}

}  // namespace tapwarden::protocols
