// SPDX-License-Identifier: Apache-2.0
// The ClientHello of TLS (RFC 8446, section 4.1.2; RFC 6347, section 4.2.1; RFC 9001), whatever
// carries it: which server the client asks for (RFC 6066, section 3), what it would speak there
// (RFC 7301), and its fingerprint.
#pragma once

#include "dissect/emit.hpp"
#include "dissect/ja4.hpp"

namespace tapwarden {

/// Reads the body of the message; emits server_name, alpn and ja4. Of a body that ends early what
/// is whole is said, the fingerprint is not, and the reader fails.
void client_hello(Reader& hello, Carrier carrier, Emit& emit);

}  // namespace tapwarden
