// SPDX-License-Identifier: Apache-2.0
// Unidirectional Link Detection (RFC 5171): who speaks, from which port. What it echoes is about
// its neighbours.
#include <algorithm>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint16_t { kDeviceId = 1, kPortId = 2, kDeviceName = 6 };

constexpr size_t kHeadSize = 4;

}  // namespace

void udld(const Packet&, Reader& reader, Emit& emit) {
  reader.skip(1 + 1 + 2);  // version and opcode, flags, checksum
  while (!reader.empty()) {
    uint16_t type = reader.u16();
    uint16_t size = reader.u16();
    if (size < kHeadSize) reader.fail();
    Bytes value = reader.take(size - std::min<size_t>(size, kHeadSize));
    if (!reader.ok()) return;
    if (type == kDeviceId) emit.text_or_hex(Field::chassis_id, value);
    if (type == kPortId) emit.text_or_hex(Field::port_id, value);
    if (type == kDeviceName) emit.text(Field::system_name, value);
  }
}

}  // namespace tapwarden::protocols
