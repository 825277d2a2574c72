// SPDX-License-Identifier: Apache-2.0
// IMAP (RFC 9051): the untagged reply with which a server greets (section 7.1), and TLS behind
// STARTTLS (section 6.2.1).
#include "dissect/dissectors.hpp"
#include "dissect/greeting.hpp"
#include "dissect/heads.hpp"
#include "dissect/starttls.hpp"

namespace tapwarden::protocols {

namespace {

/// Any but those that may come before TLS.
bool is_late_command(std::string_view line) {
  std::string_view command = line.substr(std::min(line.find(' '), line.size()));
  for (std::string_view early : {" CAPABILITY", " STARTTLS", " NOOP", " ID "}) {
    if (equal_without_case(command.substr(0, early.size()), early)) return false;
  }
  return true;
}

/// Any but those to such commands: tagged ones, and of the untagged the greeting's like and the
/// answers to CAPABILITY and ID.
bool is_late_reply(std::string_view line) {
  if (line.starts_with("+")) return true;
  if (!line.starts_with("* ")) return false;
  return !line.starts_with("* OK") && !line.starts_with("* CAPABILITY") &&
         !line.starts_with("* ID");
}

}  // namespace

void imap(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet, 143)) return seek_tls(reader, emit, is_late_command);
  std::string_view line = greeting_line(reader, emit);
  if (!line.starts_with("* OK ") && !line.starts_with("* PREAUTH ")) return;
  emit.text(Field::banner, line);
  seek_tls(reader, emit, is_late_reply);
}

}  // namespace tapwarden::protocols
