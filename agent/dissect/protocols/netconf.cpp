// SPDX-License-Identifier: Apache-2.0
// NETCONF where it is in clear (RFC 6241, section 8.1; RFC 6242, section 4): the capabilities of a
// server's hello that no standard names, since their URIs bear the name of whoever made them up. A
// client may list those of the server that it is made for: what it says is passed over.
#include <string_view>

#include "dissect/dissectors.hpp"
#include "dissect/xml_scan.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kPort = 830;
constexpr std::string_view kEndOfMessage = "]]>]]>";
constexpr unsigned kToldMax = 8;
constexpr unsigned kElementsMax = 1024;

bool is_of_a_standard(std::string_view uri) {
  for (std::string_view body : {"urn:ietf:", "urn:ieee:", "urn:bbf:", "http://openconfig.net/"}) {
    if (uri.starts_with(body)) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

}  // namespace

void netconf(const Packet& packet, Reader& reader, Emit& emit) {
  std::string_view text = as_text(reader.peek());
  size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return emit.more();
  if (text[begin] != '<') return;  // SSH has the same port
  // A server gives the session a number, and a client never does.
  bool is_whole = text.find(kEndOfMessage) != std::string_view::npos;
  bool is_from_server = packet.source_port == kPort || text.contains("session-id>");
  if (!is_from_server) return is_whole ? void() : emit.more();
  XmlScan scan(text.substr(begin));
  unsigned told = 0;
  unsigned left = kElementsMax;
  for (; left > 0 && told < kToldMax && scan.next(); --left) {
    if (scan.root() != "hello" || scan.name() != "capability" || scan.parent() != "capabilities") {
      continue;
    }
    std::string_view uri = trimmed(scan.text());
    if (uri.empty() || is_of_a_standard(uri)) continue;
    emit.text(Field::capability, uri);
    ++told;
  }
  if (scan.ok() || left == 0 || told == kToldMax) return;
  if (is_whole) return reader.fail();
  if (scan.root().empty() || scan.root() == "hello") emit.more();
}

}  // namespace tapwarden::protocols
