// SPDX-License-Identifier: Apache-2.0
// SIP (RFC 3261): what a user agent says it is in its requests, what a server says it is in its
// responses. A proxy passes both on unchanged, so a message that is not its sender's own says
// nothing.
#include "dissect/dissectors.hpp"
#include "dissect/heads.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::string_view kVersion = "SIP/2.";

/// The host in "<sip:user@host:port;...>", if it is an address; none otherwise.
IpAddress host_of(std::string_view contact) {
  size_t begin = contact.find("sip");
  if (begin == std::string_view::npos) return {};
  begin = contact.find(':', begin);
  if (begin == std::string_view::npos) return {};
  contact = contact.substr(begin + 1, contact.find_first_of(">;?,", begin) - begin - 1);
  if (size_t at = contact.rfind('@'); at != std::string_view::npos) contact.remove_prefix(at + 1);
  bool is_bracketed = contact.starts_with('[');
  if (is_bracketed) contact.remove_prefix(1);
  contact = contact.substr(0, contact.find_first_of(is_bracketed ? "]" : ":"));
  return IpAddress::parse(contact).value_or(IpAddress{});
}

/// Whose words these are. Each proxy on the way adds a Via to a request (section 16.6); a response
/// bears those of its request, so there the Contact shows who made it (section 12.1.1), but for a
/// REGISTER, whose answer repeats the client's (section 10.3).
bool is_relayed(const Packet& packet, Reader reader) {
  Head head(reader, kVersion);
  bool is_request = head.status() == 0;
  unsigned hops = 0;
  bool is_registration = false;
  bool is_foreign = false;
  while (auto header = head.next()) {
    if (header->is("Via") || header->is("v")) {
      hops += header->value.find(',') == std::string_view::npos ? 1 : 2;
    } else if (header->is("CSeq")) {
      is_registration = header->value.ends_with("REGISTER");
    } else if (header->is("Contact") || header->is("m")) {
      IpAddress host = host_of(header->value);
      is_foreign = host.is_host() && host != packet.source_ip;
    }
  }
  return is_request ? hops > 1 : is_foreign && !is_registration;
}

}  // namespace

void sip(const Packet& packet, Reader& reader, Emit& emit) {
  // Blank lines keep a way through a NAT open (RFC 5626, section 4.4.1).
  while (!reader.empty() && (reader.peek()[0] == '\r' || reader.peek()[0] == '\n')) reader.skip(1);
  if (reader.empty()) return;
  if (!reader.has_line()) return emit.more();
  bool relayed = is_relayed(packet, reader);
  Head head(reader, kVersion);
  if (relayed || (head.status() == 0 && head.method().empty())) return;
  while (auto header = head.next()) {
    if (header->is("User-Agent")) emit.text(Field::user_agent, header->value);
    if (header->is("Server")) emit.text(Field::server, header->value);
  }
  if (!head.has_ended()) emit.more();
}

}  // namespace tapwarden::protocols
