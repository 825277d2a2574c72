// SPDX-License-Identifier: Apache-2.0
// BGP Monitoring Protocol (RFC 7854): in the initiation message, which begins each session, a
// router tells the station what it is (section 4.3). The routes that follow are not read.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

void bmp(const Packet&, Reader& reader, Emit& emit) {
  constexpr uint8_t kVersion = 3;
  constexpr uint8_t kInitiation = 4;
  constexpr unsigned kItemsMax = 32;
  Bytes head = reader.peek(6);
  if (head.empty()) return emit.more();
  if (head[0] != kVersion || head[5] != kInitiation) return;
  reader.skip(1);
  size_t size = reader.u32();
  reader.skip(1);
  if (size < head.size()) return reader.fail();
  size -= head.size();
  bool is_short = reader.size() < size;
  Reader items(reader.take_up_to(size));
  for (unsigned left = kItemsMax; left > 0 && !items.empty(); --left) {
    uint16_t type = items.u16();
    Bytes value = items.take(items.u16());
    if (!items.ok()) break;
    if (type == 1) emit.text(Field::system_description, value);
    if (type == 2) emit.text(Field::system_name, value);
  }
  if (is_short) return emit.more();
  if (!items.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
