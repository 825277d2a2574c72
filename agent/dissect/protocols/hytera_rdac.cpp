// SPDX-License-Identifier: Apache-2.0
// RDAC, the diagnosis protocol of digital radio repeaters, and the P2P registration beside it, from
// public descriptions and captures: a head of 12 octets with both sides and the datagram's length,
// and for the identity fixed places with little endian UTF-16 texts.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr size_t kIdentitySize = 216;

void identity(Reader& reader, Emit& emit) {
  reader.skip(56);
  emit.utf16(Field::firmware_revision, reader.take(32), true);
  emit.utf16(Field::device_name, reader.take(20), true);  // callsign
  reader.skip(12);
  emit.utf16(Field::model, reader.take(64), true);
  emit.utf16(Field::serial, reader.take(32), true);
}

}  // namespace

void hytera_rdac(const Packet&, Reader& reader, Emit& emit) {
  std::string_view text = as_text(reader.peek());
  if (text.starts_with("P2P") && text.size() >= 20) return emit.text(Field::message, "p2p");
  Bytes head = reader.peek(12);
  if (head.empty() || !text.starts_with(std::string_view("\x7e\x04\x00", 3))) return;
  if ((head[8] << 8 | head[9]) != static_cast<int>(reader.size())) return;
  bool from_repeater = head[4] == 0x10 && head[5] == 0x20;
  bool to_repeater = head[4] == 0x20 && head[5] == 0x10;
  if (!from_repeater && !to_repeater) return;
  emit.text(Field::message, from_repeater ? "answer" : "request");
  Bytes body = reader.peek(kIdentitySize);
  bool is_identity = !body.empty() && body[12] == 0x02 && body[13] == 0xd4 && body[14] == 0x82;
  if (from_repeater && is_identity) identity(reader, emit);
}

}  // namespace tapwarden::protocols
