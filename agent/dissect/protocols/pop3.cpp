// SPDX-License-Identifier: Apache-2.0
// POP3 (RFC 1939, section 4): the line with which a server greets, and TLS behind STLS (RFC 2595).
#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"
#include "dissect/heads.hpp"
#include "dissect/starttls.hpp"

namespace tapwarden::protocols {

namespace {

constexpr unsigned kRepliesMax = 4;  // to CAPA, AUTH and STLS; a login takes no more either

bool is_late_command(std::string_view line) {
  return !equal_without_case(line, "STLS") && !equal_without_case(line, "CAPA") &&
         !equal_without_case(line, "AUTH");
}

}  // namespace

void pop3(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet, 110)) return seek_tls(reader, emit, is_late_command);
  std::string_view line = greeting_line(reader, emit);
  if (!line.starts_with("+OK ")) return;
  emit.text(Field::banner, line.substr(0, line.find('<')));  // a time stamp may end it (section 7)
  unsigned replies = 0;
  seek_tls(reader, emit, [&](std::string_view next) {
    bool is_reply = next.starts_with("+OK") || next.starts_with("-ERR");
    return is_reply && ++replies == kRepliesMax;
  });
}

}  // namespace tapwarden::protocols
