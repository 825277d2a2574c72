// SPDX-License-Identifier: Apache-2.0
// Port Aggregation Protocol, as public decoders describe it: the addresses of both devices, the
// sender's name and port.
#include <algorithm>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint16_t { kDeviceName = 1, kPortName = 2 };

constexpr uint8_t kInformation = 1;
constexpr size_t kHeadSize = 4;

void names(Reader& reader, uint16_t count, Emit& emit) {
  for (; count > 0 && !reader.empty(); --count) {
    uint16_t type = reader.u16();
    uint16_t size = reader.u16();
    if (size < kHeadSize) reader.fail();
    Bytes value = reader.take(size - std::min<size_t>(size, kHeadSize));
    if (!reader.ok()) return;
    if (type == kDeviceName) emit.text(Field::system_name, value);
    if (type == kPortName) emit.text(Field::port_id, value);
  }
}

}  // namespace

void pagp(const Packet&, Reader& reader, Emit& emit) {
  uint8_t version = reader.u8();
  if (version != kInformation) return;  // a flush names nobody
  reader.skip(1);                       // flags
  Mac device = reader.mac();
  reader.skip(1 + 1 + 4 + 4 + 4);  // learning, priority, port, group
  Mac partner = reader.mac();
  reader.skip(1 + 1 + 4 + 4 + 4 + 2);  // the same of the partner, count
  uint16_t count = reader.u16();
  if (!reader.ok()) return;
  emit.mac(Field::device_mac, device);
  names(reader, count, emit);
  if (!partner) return;
  emit.about(partner, {});
  emit.mac(Field::device_mac, partner);
}

}  // namespace tapwarden::protocols
