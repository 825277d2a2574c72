// SPDX-License-Identifier: Apache-2.0
// IMAP (RFC 9051, section 7.1): the untagged reply with which a server greets.
#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"

namespace tapwarden::protocols {

void imap(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet, 143)) return;
  std::string_view line = greeting_line(reader, emit);
  if (line.starts_with("* OK ") || line.starts_with("* PREAUTH ")) emit.text(Field::banner, line);
}

}  // namespace tapwarden::protocols
