// SPDX-License-Identifier: Apache-2.0
// Where a line protocol turns into TLS on the same connection (RFC 2595, 3207, 4217): the lines
// before are passed over unread, and what follows is TLS's to read.
#pragma once

#include <string_view>

#include "dissect/emit.hpp"

namespace tapwarden {

inline constexpr unsigned starttls_lines_max = 64;
inline constexpr size_t starttls_line_max = 2048;
inline constexpr uint8_t tls_handshake_record = 0x16;

/// Passes over lines until a TLS record begins, and hands it on. Ends without it at a line of which
/// `stays_clear` says that no TLS will follow, or at what is no line.
template <typename StaysClear>
void seek_tls(Reader& reader, Emit& emit, StaysClear stays_clear) {
  for (unsigned left = starttls_lines_max; left > 0 && reader.ok(); --left) {
    if (reader.empty()) return emit.more();
    uint8_t first = reader.peek()[0];
    if (first == tls_handshake_record) return emit.goes_on(Protocol::tls);
    bool is_text = (first >= 0x20 && first < 0x7f) || first == '\r' || first == '\n';
    if (!is_text) return;
    if (!reader.has_line()) {
      if (reader.size() < starttls_line_max) emit.more();
      return;
    }
    if (stays_clear(reader.line())) return;
  }
}

/// Hands on what follows if a TLS record begins it; asks for it if nothing is there.
inline void expect_tls(Reader& reader, Emit& emit) {
  if (!reader.ok()) return;
  if (reader.empty()) return emit.more();
  if (reader.peek()[0] == tls_handshake_record) emit.goes_on(Protocol::tls);
}

}  // namespace tapwarden
