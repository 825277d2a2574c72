// SPDX-License-Identifier: Apache-2.0
// Greetings: the lines with which a server of a line protocol (FTP, SMTP, IMAP, POP3) opens.
#pragma once

#include <algorithm>
#include <string_view>

#include "dissect/emit.hpp"

namespace tapwarden {

inline constexpr size_t greeting_line_max = 512;  ///< RFC 5321, section 4.5.3.1.5

/// Whether the sender is the server: its port is the service's, or the lower one.
inline bool is_server(const Packet& packet, uint16_t service_port) {
  if (packet.source_port == service_port) return true;
  return packet.target_port != service_port && packet.source_port < packet.target_port;
}

/// The next line if it is whole, without its end. Empty where it is not: more is asked for, or
/// where it is too long for a greeting, or holds control characters, the reader fails.
inline std::string_view greeting_line(Reader& reader, Emit& emit) {
  bool is_whole = reader.has_line();
  std::string_view line = is_whole ? reader.line() : as_text(reader.peek());
  auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; };
  if (!is_whole && line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() > greeting_line_max || std::ranges::any_of(line, is_control)) {
    reader.fail();
    return {};
  }
  if (is_whole) return line;
  emit.more();
  return {};
}

}  // namespace tapwarden
