// SPDX-License-Identifier: Apache-2.0
// SMTP (RFC 5321): the line with which a server greets (section 4.2), the name by which a client
// calls itself (section 4.1.1.1), and TLS behind STARTTLS (RFC 3207). Mail itself is never looked
// at.
#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"
#include "dissect/heads.hpp"
#include "dissect/starttls.hpp"

namespace tapwarden::protocols {

namespace {

void server(std::string_view line, Emit& emit) {
  if (!line.starts_with("220 ") && !line.starts_with("220-")) return;
  emit.text(Field::banner, line.substr(0, line.find(';')));  // the time of day comes behind
}

void client(std::string_view line, Emit& emit) {
  std::string_view verb = line.substr(0, 5);
  if (!equal_without_case(verb, "EHLO ") && !equal_without_case(verb, "HELO ")) return;
  line.remove_prefix(5);
  line = line.substr(0, line.find(' '));
  bool is_name = !line.starts_with('[') && !equal_without_case(line.substr(0, 9), "localhost") &&
                 line.find_first_not_of("0123456789.") != std::string_view::npos;
  if (is_name) emit.text(Field::host_name, line);
}

}  // namespace

void smtp(const Packet& packet, Reader& reader, Emit& emit) {
  bool from_server = packet.source_port < packet.target_port;
  std::string_view line = greeting_line(reader, emit);
  if (from_server) {
    server(line, emit);
  } else {
    client(line, emit);
  }
  if (line.empty()) return;
  // Between the greeting and TLS come what answers EHLO and STARTTLS, and nothing else.
  seek_tls(reader, emit, [&](std::string_view next) {
    if (from_server) return !next.starts_with("250") && !next.starts_with("220");
    return !equal_without_case(next, "STARTTLS") && !equal_without_case(next.substr(0, 5), "EHLO ");
  });
}

}  // namespace tapwarden::protocols
