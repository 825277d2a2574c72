// SPDX-License-Identifier: Apache-2.0
#include "dissect/client_hello.hpp"

#include <array>

namespace tapwarden {

namespace {

enum Extension : uint16_t {
  kServerName = 0,
  kSignatureAlgorithms = 13,
  kAlpn = 16,
  kSupportedVersions = 43
};

constexpr unsigned kExtensionsMax = 128;
constexpr unsigned kNamesMax = 32;

void server_name(Reader list, Emit& emit) {
  list = list.sub(list.u16());
  for (unsigned left = kNamesMax; left > 0 && !list.empty(); --left) {
    bool is_host = list.u8() == 0;
    std::string_view name = list.text(list.u16());
    if (is_host) emit.text(Field::server_name, name);
  }
  if (!list.ok()) emit.malformed();
}

/// All that the client would speak, with commas between.
void alpn(Reader list, Emit& emit) {
  std::array<char, Observation::text_max> joined;
  size_t size = 0;
  list = list.sub(list.u16());
  for (unsigned left = kNamesMax; left > 0 && !list.empty(); --left) {
    std::string_view name = list.text(list.u8());
    if (!list.ok() || size + name.size() + 1 > joined.size()) break;
    if (size != 0) joined[size++] = ',';
    size += name.copy(joined.data() + size, name.size());
  }
  if (!list.ok()) return emit.malformed();
  emit.text(Field::alpn, std::string_view(joined.data(), size));
}

/// False where there are more than there is patience for.
bool extensions_of(Reader& hello, Ja4& ja4, Emit& emit) {
  size_t size = hello.u16();
  Reader extensions(hello.take_up_to(size));
  bool is_whole = extensions.size() == size;
  for (unsigned left = kExtensionsMax; left > 0 && !extensions.empty(); --left) {
    uint16_t type = extensions.u16();
    Reader body = extensions.sub(extensions.u16());
    if (!body.ok()) break;
    ja4.extension(type);
    if (type == kServerName) server_name(body, emit);
    if (type == kAlpn) alpn(body, emit);
    if (type == kAlpn) ja4.alpn(body);
    if (type == kSignatureAlgorithms) ja4.signature_algorithms(body);
    if (type == kSupportedVersions) ja4.supported_versions(body);
  }
  if (!extensions.ok() || !is_whole) hello.fail();
  return extensions.empty();
}

}  // namespace

void client_hello(Reader& hello, Carrier carrier, Emit& emit) {
  Ja4 ja4(hello.u16());
  hello.skip(32);                                            // random
  hello.skip(hello.u8());                                    // session
  if (carrier == Carrier::datagram) hello.skip(hello.u8());  // cookie
  Reader suites = hello.sub(hello.u16());
  while (suites.size() >= 2) ja4.cipher(suites.u16());
  hello.skip(hello.u8());  // compression
  if (!hello.ok()) return;
  // Extensions came with RFC 3546.
  if (!hello.empty() && !extensions_of(hello, ja4, emit)) return;
  std::array<char, 36> text;
  if (hello.ok()) emit.text(Field::ja4, ja4.write(carrier, text));
}

}  // namespace tapwarden
