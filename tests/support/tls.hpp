// SPDX-License-Identifier: Apache-2.0
// TLS as short as it can be, for tests of what it hides behind. Made from the format alone.
#pragma once

#include <string_view>

#include "support/dissect.hpp"

namespace tapwarden::test {

/// A record with a hello that asks for a.example.
inline Octets tls_client_hello() {
  return hex("160301 0045 01 000041 0303") + Octets(32) + hex("00 0002 002f 01 00 0016") +
         hex("0000 000e 000c 00 0009") + text("a.example") + hex("0017 0000");
}
/// Computed apart from the code, by the definition.
inline constexpr std::string_view tls_client_ja4 = "t12d010200_ba72b8082249_1ca028f07214";

/// A record with a server's hello and a certificate that CN=x signed for CN=x.
inline Octets tls_server_hello() {
  Octets name = hex("300c 310a 3008 0603550403 0c0178");
  Octets certificate = hex("3027 3025 020101 3000") + name + hex("3000") + name + hex("3000");
  return hex("160303 0061 02 000026 0303") + Octets(32) + hex("00 002f 00") +
         hex("0b 00002f 00002c 000029") + certificate + hex("0e 000000");
}

}  // namespace tapwarden::test
