// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"
#include "support/shared.hpp"
#include "support/tls.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected from_client(const Octets& stream) {
  return dissect(Protocol::ldap, ip_packet(50000, 389), stream);
}
Dissected from_server(const Octets& stream) {
  return dissect(Protocol::ldap, ip_packet(389, 50000), stream);
}
Octets element(uint8_t tag, const Octets& contents) {
  return Octets{tag, 0x82, static_cast<uint8_t>(contents.size() >> 8),
                static_cast<uint8_t>(contents.size())} +
         contents;
}
Octets string(std::string_view value) { return element(4, text(value)); }
Octets message(uint8_t operation, const Octets& body) {
  return element(0x30, hex("020101") + element(operation, body));
}
Octets attribute(std::string_view type, std::string_view value) {
  return element(0x30, string(type) + element(0x31, string(value)));
}
Octets entry(std::string_view name, const Octets& attributes) {
  return message(0x64, string(name) + element(0x30, attributes));
}
const Octets result = hex("0a0100 0400 0400");
const Octets bound = message(0x61, result);
const Octets vendor = attribute("vendorName", "389 Project") + attribute("objectClass", "top") +
                      attribute("vendorversion", "389-Directory/1.4.4.11") +
                      attribute("dnsHostName", "ds.example");

}  // namespace

TEST_CASE("LDAP: what a server's root entry says") {
  Dissected root = from_server(bound + entry("", vendor) + message(0x65, result));
  CHECK(root.said.size() == 3);
  CHECK(root.one(Field::vendor_name) == "389 Project");
  CHECK(root.one(Field::vendor_version) == "389-Directory/1.4.4.11");
  CHECK(root.one(Field::fqdn) == "ds.example");
  CHECK_FALSE(root.malformed);
  CHECK(from_server(entry("cn=bob,dc=example", vendor)).said.empty());
  CHECK(from_server(bound).wants_more);
}

TEST_CASE("LDAP: TLS behind StartTLS") {
  Octets request = message(0x77, element(0x80, text("1.3.6.1.4.1.1466.20037")));
  CHECK(from_client(request + tls_client_hello()).one(Field::server_name) == "a.example");
  CHECK(from_client(request).wants_more);
  Octets other = message(0x77, element(0x80, text("1.3.6.1.4.1.4203.1.11.3")));
  CHECK_FALSE(from_client(other).wants_more);
  Dissected server = from_server(message(0x78, result) + tls_server_hello());
  CHECK(server.inner == Protocol::tls);
  CHECK(server.one(Field::certificate_subject) == "CN=x");
  CHECK(from_server(message(0x78, hex("0a0102 0400 0400")) + tls_server_hello()).said.empty());
}

TEST_CASE("LDAP: what is something else, or not what it claims") {
  CHECK_FALSE(from_client(message(0x60, hex("020103 0400 8000"))).wants_more);
  CHECK(from_server(hex("00000100")).malformed);
  CHECK(from_server(hex("3080 020101 0000 00")).malformed);
  CHECK(from_server(hex("3003 0401 00")).malformed);
  CHECK(from_server(entry("", hex("3003 0501 00"))).malformed);
  CHECK(from_server(message(0x64, hex("04ff"))).said.empty());
  // Behind a login all may be wrapped.
  Dissected wrapped = from_server(bound + hex("00000040") + Octets(64));
  CHECK_FALSE(wrapped.malformed);
  CHECK_FALSE(wrapped.wants_more);
  Octets many;
  for (int i = 0; i < 10; ++i) many = many + bound;
  CHECK(from_server(many + entry("", vendor)).said.empty());
  CHECK(from_server(hex("3084 00ffffff") + Octets(30)).said.empty());
}

TEST_CASE("LDAP cut anywhere") {
  every_prefix(Protocol::ldap, ip_packet(389, 50000), bound + entry("", vendor));
  every_prefix(Protocol::ldap, ip_packet(389, 50000), message(0x78, result) + tls_server_hello());
}
