// SPDX-License-Identifier: Apache-2.0
#include "dissect/setup_names.hpp"

#include <algorithm>

namespace tapwarden {

namespace {

constexpr unsigned kElementsMax = 64;
enum Choice : uint8_t { kInitiating = 0x00, kSuccessful = 0x20 };

/// A length of up to 16383 octets (X.691, 11.9); longer ones come in fragments, and fail.
size_t length(Reader& reader) {
  size_t first = reader.u8();
  if ((first & 0x80) == 0) return first;
  if ((first & 0x40) != 0) reader.fail();
  return (first & 0x3f) << 8 | reader.u8();
}

/// An extension bit, the length less one in eight bits, padding, the characters.
void name(Reader value, Emit& emit) {
  uint16_t head = value.u16();
  size_t size = (head >> 7 & 0xff) + size_t{1};
  bool is_extended = head >> 15 != 0;
  if (is_extended) return;
  std::string_view text = value.text(size);
  if (!value.ok()) return emit.malformed();
  emit.text(Field::system_name, text);
}

}  // namespace

void setup_names(uint8_t procedure, std::span<const uint16_t> names, Reader& reader, Emit& emit) {
  uint8_t choice = reader.u8();
  if (choice != kInitiating && choice != kSuccessful) return;
  if (reader.u8() != procedure || !reader.ok()) return;
  reader.skip(1);  // criticality
  Reader message = reader.sub(length(reader));
  message.skip(1);  // extension bit
  unsigned count = std::min<unsigned>(message.u16(), kElementsMax);
  for (; count > 0 && message.ok(); --count) {
    uint16_t identifier = message.u16();
    message.skip(1);  // criticality
    Reader value = message.sub(length(message));
    bool is_name = std::ranges::find(names, identifier) != names.end();
    if (is_name && message.ok()) name(value, emit);
  }
  if (!message.ok()) emit.malformed();
}

}  // namespace tapwarden
