// SPDX-License-Identifier: Apache-2.0
// VNC's remote framebuffer protocol (RFC 6143, section 7.1.1): the version with which a server
// opens. A client answers with a line of the same form, which says nothing of it.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::string_view kForm = "RFB 000.000\n";

/// Its displays have a port each.
bool is_display(uint16_t port) { return port >= 5900 && port < 6000; }

bool is_server(const Packet& packet) {
  bool tells = is_display(packet.source_port) != is_display(packet.target_port);
  return tells ? is_display(packet.source_port) : packet.source_port < packet.target_port;
}

}  // namespace

void vnc(const Packet& packet, Reader& reader, Emit& emit) {
  if (reader.size() < kForm.size()) return emit.more();
  std::string_view line = reader.text(kForm.size());
  for (size_t i = 0; i < kForm.size(); ++i) {
    bool fits = kForm[i] == '0' ? line[i] >= '0' && line[i] <= '9' : line[i] == kForm[i];
    if (!fits) return reader.fail();
  }
  if (is_server(packet)) emit.text(Field::banner, line);
}

}  // namespace tapwarden::protocols
