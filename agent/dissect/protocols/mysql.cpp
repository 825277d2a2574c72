// SPDX-License-Identifier: Apache-2.0
// MySQL's client/server protocol, version 10: the version that a server greets with (the vendor's
// "Protocol::HandshakeV10"), and TLS where the client asks for it ("Protocol::SSLRequest").
#include <algorithm>

#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"
#include "dissect/starttls.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kPort = 3306;
constexpr uint8_t kVersion = 10;
constexpr size_t kTextMax = 128;
constexpr uint32_t kTlsRequestSize = 32;  // a login is longer
constexpr uint32_t kTlsCapability = 0x0800;

uint32_t u24le(Reader& reader) { return reader.u16le() | uint32_t{reader.u8()} << 16; }

void client(Reader& reader, Emit& emit) {
  if (reader.size() < 4) return emit.more();
  uint32_t size = u24le(reader);
  if (size != kTlsRequestSize || reader.u8() != 1) return;
  if (reader.size() < size) return emit.more();
  Reader request = reader.sub(size);
  if ((request.u32le() & kTlsCapability) != 0) expect_tls(reader, emit);
}

}  // namespace

void mysql(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet, kPort)) return client(reader, emit);
  if (reader.size() < 5) return emit.more();
  uint32_t size = u24le(reader);
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
  if (reader.size() < size - 1) return emit.more();
  reader.skip(size - 1);
  expect_tls(reader, emit);
}

}  // namespace tapwarden::protocols
