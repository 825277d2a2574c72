// SPDX-License-Identifier: Apache-2.0
// POP3 (RFC 1939, section 4): the line with which a server greets.
#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"

namespace tapwarden::protocols {

void pop3(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet, 110)) return;
  std::string_view line = greeting_line(reader, emit);
  if (!line.starts_with("+OK ")) return;
  emit.text(Field::banner, line.substr(0, line.find('<')));  // a time stamp may end it (section 7)
}

}  // namespace tapwarden::protocols
