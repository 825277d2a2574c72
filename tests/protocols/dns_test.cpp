// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

/// A name from labels with dots between them.
Octets name(std::string_view dotted) {
  Octets octets;
  while (!dotted.empty()) {
    std::string_view label = dotted.substr(0, dotted.find('.'));
    dotted.remove_prefix(std::min(label.size() + 1, dotted.size()));
    octets.push_back(static_cast<uint8_t>(label.size()));
    octets.insert(octets.end(), label.begin(), label.end());
  }
  octets.push_back(0);
  return octets;
}
Octets query(std::string_view asked, std::string_view type = "0001",
             std::string_view flags = "0100") {
  return hex("1234") + hex(flags) + hex("0001 0000 0000 0000") + name(asked) + hex(type) +
         hex("0001");
}
Dissected dns(const Octets& message, uint16_t source = 50000, uint16_t target = 53) {
  return dissect(Protocol::dns, ip_packet(source, target), message);
}
void check_silent(const Octets& message) {
  Dissected result = dns(message);
  CHECK(result.said.empty());
  CHECK_FALSE(result.malformed);
}

}  // namespace

TEST_CASE("DNS: the name that a client asks for") {
  Dissected result = dns(query("dev.hik-connect.com"));
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::dns_query) == "dev.hik-connect.com");
  CHECK(to_string(result.said[0].ip) == "192.0.2.1");
  CHECK_FALSE(result.malformed);
  for (std::string_view type : {"001c", "0021", "0040", "0041"}) {
    CHECK(dns(query("a.example", type)).said.size() == 1);
  }
  // What follows the question, as EDNS does, is not looked at.
  CHECK(dns(query("a.example") + hex("0000291000000000000000")).said.size() == 1);
}

TEST_CASE("DNS: what cannot be a service's host is left out") {
  check_silent(query("a.example", "0001", "0000"));  // a resolver's own question
  check_silent(query("a.example", "0001", "8180"));  // an answer
  check_silent(query("a.example", "0001", "2900"));  // an update
  check_silent(query("a.example", "000c"));
  check_silent(query("a.example", "0010"));
  check_silent(query("1.2.0.192.in-addr.arpa"));
  check_silent(query("printer.local"));
  check_silent(query("wpad"));
  check_silent(query(""));
  check_silent(query("4.3.2.1.zen.list.example"));
  check_silent(query(std::string(60, 'x') + ".example"));
  check_silent(hex("1234 0100 0002 0000 0000 0000") + name("a.example") + hex("00010001"));
  check_silent(hex("1234 0100 0001 0000 0000 0000") + name("a.example") + hex("00010003"));
  CHECK(dns(query("a.example"), 53, 50000).said.empty());
  CHECK(dns(query("a.b.c.d.e.example")).said.size() == 1);
}

TEST_CASE("DNS refuses what is no message") {
  auto refused = [](const Octets& message) {
    Dissected result = dns(message);
    return result.said.empty() && result.malformed;
  };
  CHECK(refused({}));
  CHECK(refused(hex("1234 0100 0001")));
  Octets head = hex("1234 0100 0001 0000 0000 0000");
  CHECK(refused(head + hex("c00c 0001 0001")));  // points at itself
  CHECK(refused(head + hex("40") + text("x")));
  CHECK(refused(head + hex("3f") + text("short")));
  CHECK(refused(head + name("a.example") + hex("0001")));
}

TEST_CASE("DNS cut anywhere") {
  every_prefix(Protocol::dns, ip_packet(50000, 53), query("dev.hik-connect.com"));
}
