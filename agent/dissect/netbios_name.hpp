// SPDX-License-Identifier: Apache-2.0
// NetBIOS names: sixteen octets, the last of which tells what kind of name it is, each written as
// two letters (RFC 1001, section 14.1).
#pragma once

#include <array>
#include <string_view>

#include "core/reader.hpp"

namespace tapwarden {

struct NetbiosName {
  std::array<char, 15> octets{};
  uint8_t kind = 0;

  /// Without the blanks that fill it up.
  std::string_view view() const {
    std::string_view name(octets.data(), octets.size());
    name = name.substr(0, name.find('\0'));
    return name.substr(0, name.find_last_not_of(' ') + 1);
  }
};

/// Takes a first-level encoded name with its scope; fails the reader where it is none.
inline NetbiosName netbios_name(Reader& reader) {
  NetbiosName name;
  if (reader.u8() != 32) reader.fail();
  Bytes letters = reader.take(32);
  for (size_t i = 0; i < letters.size() / 2; ++i) {
    unsigned high = letters[i * 2] - unsigned{'A'};
    unsigned low = letters[i * 2 + 1] - unsigned{'A'};
    if (high > 15 || low > 15) reader.fail();
    uint8_t octet = static_cast<uint8_t>((high & 15) << 4 | (low & 15));
    if (i < name.octets.size()) {
      name.octets[i] = static_cast<char>(octet);
    } else {
      name.kind = octet;
    }
  }
  constexpr int labels_max = 8;
  int labels = 0;
  uint8_t size = reader.u8();
  for (; size != 0 && labels < labels_max && reader.ok(); ++labels) {
    reader.skip(size);
    size = reader.u8();
  }
  if (size != 0) reader.fail();
  return name;
}

}  // namespace tapwarden
