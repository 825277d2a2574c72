// SPDX-License-Identifier: Apache-2.0
// Dynamic Trunking Protocol, as public decoders describe it: a switch port's domain, and the
// address of who sends.
#include <algorithm>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint16_t { kDomain = 1, kNeighbor = 4 };

constexpr size_t kHeadSize = 4;

}  // namespace

void dtp(const Packet&, Reader& reader, Emit& emit) {
  reader.skip(1);  // version
  while (!reader.empty()) {
    uint16_t type = reader.u16();
    uint16_t size = reader.u16();
    if (size < kHeadSize) reader.fail();
    Bytes value = reader.take(size - std::min<size_t>(size, kHeadSize));
    if (!reader.ok()) return;
    if (type == kDomain) emit.text(Field::vtp_domain, value);
    if (type == kNeighbor && value.size() == 6) emit.mac(Field::device_mac, Reader(value).mac());
  }
}

}  // namespace tapwarden::protocols
