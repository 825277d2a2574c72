// SPDX-License-Identifier: Apache-2.0
// SHA-256 and MD5 (FIPS 180-4, RFC 1321) of octets as they come, with the state on the stack:
// nothing allocates. MD5 is here because lists of known icons are kept by it, and for nothing else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/reader.hpp"

namespace tapwarden {

class Sha256 {
 public:
  static constexpr size_t size = 32;
  static constexpr size_t block_size = 64;

  Sha256();
  Sha256& add(Bytes octets);
  Sha256& add(std::string_view text) { return add(as_bytes(text)); }
  /// Ends it: nothing can be added any more.
  std::array<uint8_t, size> digest();

 private:
  alignas(8) std::array<std::byte, 112> state_;
};

std::array<uint8_t, 16> md5(Bytes octets);

}  // namespace tapwarden
