// SPDX-License-Identifier: Apache-2.0
// FTP (RFC 959, section 4.2): the reply with which a server greets, of one line or several. Nothing
// that a client sends is read.
#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kPort = 21;
constexpr unsigned kLinesMax = 8;

/// Ready, ready in some minutes, not ready: no other reply opens a session (section 5.4).
bool is_greeting(std::string_view line) {
  return line.starts_with("220") || line.starts_with("120") || line.starts_with("421");
}

}  // namespace

void ftp(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet, kPort)) return;
  bool is_open = false;  // lines between "220-" and "220 " may begin as they like
  for (unsigned left = kLinesMax; left > 0; --left) {
    std::string_view line = greeting_line(reader, emit);
    bool has_code = is_greeting(line) && line.size() > 3;
    if (!is_open && !has_code) return;
    emit.text(Field::banner, line);
    if (has_code && line[3] == ' ') return;
    is_open = true;
    if (emit.wants_more() || !reader.ok()) return;
  }
}

}  // namespace tapwarden::protocols
