// SPDX-License-Identifier: Apache-2.0
// SSH (RFC 4253, section 4.2): the identification line with which each side opens. Lines that a
// server may send before it are not read: the stream's first segment does not begin with "SSH-"
// then.
#include <algorithm>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr size_t kLineMax = 255;  // CR and LF included
constexpr uint16_t kServerPort = 22;

bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// "SSH-", the protocol's version, "-" and the software's version.
bool is_identification(std::string_view line) {
  if (!line.starts_with("SSH-")) return false;
  line.remove_prefix(4);
  return line.find_first_not_of("0123456789.") > 0 && line.find('-') != std::string_view::npos;
}

bool is_server(const Packet& packet) {
  if (packet.source_port == kServerPort) return true;
  return packet.target_port != kServerPort && packet.source_port < packet.target_port;
}

}  // namespace

void ssh(const Packet& packet, Reader& reader, Emit& emit) {
  std::string_view line = as_text(reader.peek().first(std::min(reader.size(), kLineMax)));
  size_t end = line.find('\n');
  bool is_whole = end != std::string_view::npos;
  bool fits = is_whole || reader.size() <= kLineMax;
  line = line.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  // UTF-8 is let pass in a line that ends as it should; without its end it might be anything.
  bool is_clean =
      is_whole ? std::ranges::none_of(line, is_control) : std::ranges::all_of(line, is_printable);
  if (!is_whole && fits) emit.more();
  if (!fits || !is_clean || !is_identification(line)) return reader.fail();
  emit.text(is_server(packet) ? Field::banner : Field::client_banner, line);
}

}  // namespace tapwarden::protocols
