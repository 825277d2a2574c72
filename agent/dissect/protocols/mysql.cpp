// SPDX-License-Identifier: Apache-2.0
// MySQL's client/server protocol, version 10: the version that a server greets with (the vendor's
// "Protocol::HandshakeV10").
#include <algorithm>

#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kPort = 3306;
constexpr uint8_t kVersion = 10;
constexpr size_t kTextMax = 128;

}  // namespace

void mysql(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet, kPort)) return;
  if (reader.size() < 5) return emit.more();
  uint32_t size = reader.u16le() | uint32_t{reader.u8()} << 16;
  bool is_greeting = reader.u8() == 0 && reader.u8() == kVersion;  // the first of a sequence
  if (!is_greeting || size == 0) return;
  std::string_view text = as_text(reader.peek().first(std::min(reader.size(), kTextMax)));
  size_t end = text.find('\0');
  if (end == std::string_view::npos) {
    return reader.size() < kTextMax ? emit.more() : reader.fail();
  }
  auto is_printable = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (end >= size || !std::ranges::all_of(text.substr(0, end), is_printable)) return reader.fail();
  emit.text(Field::banner, text.substr(0, end));
}

}  // namespace tapwarden::protocols
