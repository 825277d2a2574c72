// SPDX-License-Identifier: Apache-2.0
// FTP (RFC 959, section 4.2): the reply with which a server greets, of one line or several, and TLS
// behind AUTH (RFC 4217). Nothing else that a client sends is read.
#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"
#include "dissect/heads.hpp"
#include "dissect/starttls.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kPort = 21;
constexpr unsigned kLinesMax = 8;

/// Ready, ready in some minutes, not ready: no other reply opens a session (section 5.4).
bool is_greeting(std::string_view line) {
  return line.starts_with("220") || line.starts_with("120") || line.starts_with("421");
}

bool is_late_command(std::string_view line) {
  for (std::string_view early : {"AUTH ", "FEAT", "SYST", "OPTS ", "HOST ", "CLNT "}) {
    if (equal_without_case(line.substr(0, early.size()), early)) return false;
  }
  return true;
}

/// A login or an end; lines inside a reply begin as they like.
bool is_late_reply(std::string_view line) {
  return line.starts_with("331") || line.starts_with("230") || line.starts_with("232") ||
         line.starts_with("221") || line.starts_with("421");
}

}  // namespace

void ftp(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet, kPort)) return seek_tls(reader, emit, is_late_command);
  bool is_open = false;  // lines between "220-" and "220 " may begin as they like
  for (unsigned left = kLinesMax; left > 0; --left) {
    std::string_view line = greeting_line(reader, emit);
    bool has_code = is_greeting(line) && line.size() > 3;
    if (!is_open && !has_code) return;
    emit.text(Field::banner, line);
    if (has_code && line[3] == ' ') return seek_tls(reader, emit, is_late_reply);
    is_open = true;
    if (emit.wants_more() || !reader.ok()) return;
  }
}

}  // namespace tapwarden::protocols
