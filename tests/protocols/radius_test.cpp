// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets attribute(uint8_t type, const Octets& value) {
  return Octets{type, static_cast<uint8_t>(value.size() + 2)} + value;
}
Octets attribute(uint8_t type, std::string_view value) { return attribute(type, text(value)); }

Octets message(uint8_t code, const Octets& attributes) {
  size_t size = attributes.size() + 20;
  return Octets{code, 1, static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)} +
         Octets(16, 0xaa) + attributes;
}

Dissected radius(const Octets& message) {
  return dissect(Protocol::radius, ip_packet(50000, 1812), message);
}

const Octets attributes = attribute(1, "user@example.org") + attribute(2, "0123456789abcdef") +
                          attribute(4, hex("c0000209")) + attribute(8, hex("0a000007")) +
                          attribute(31, "0014.22E9.545E") + attribute(32, "bras-1") +
                          attribute(87, "slot=0;subslot=1;port=2;HWTC1234ABCD") +
                          attribute(26, hex("000007db 1a 06 00000001")) +
                          attribute(26, hex("00000de9") + attribute(1, "olt1 xpon 0/1/0/3:12") +
                                            attribute(2, hex("00ff")));

void check_request(const Dissected& said) {
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::nas_identifier) == "bras-1");
  CHECK(said.all(Field::vendor_attribute) == std::vector<std::string>{"2011", "3561"});
  CHECK(said.one(Field::client_mac) == "00:14:22:e9:54:5e");
  CHECK(said.one(Field::access_node) == "bras-1");
  CHECK(said.one(Field::nas_port_id) == "slot=0;subslot=1;port=2;HWTC1234ABCD");
  CHECK(said.one(Field::relay_circuit) == "olt1 xpon 0/1/0/3:12");
  CHECK(said.one(Field::relay_remote) == "00ff");
  CHECK(said.one(Field::gpon_serial) == "HWTC1234ABCD");
}

}  // namespace

TEST_CASE("RADIUS access request: the server that asks and the station that it asks for") {
  Dissected said = radius(message(1, attributes));
  check_request(said);
  REQUIRE(said.said.size() == 9);
  for (size_t i = 0; i < 3; ++i) CHECK(to_string(said.said[i].ip) == "192.0.2.1");
  for (size_t i = 3; i < 9; ++i) {
    CHECK(to_string(said.said[i].mac) == "00:14:22:e9:54:5e");
    CHECK(said.said[i].mac_is_own);
    CHECK_FALSE(said.said[i].ip);  // a wish so far
  }
}

TEST_CASE("RADIUS accounting request binds the station's address") {
  Dissected said = radius(message(4, attributes));
  check_request(said);
  CHECK(said.said.size() == 10);
  CHECK(said.one(Field::binding) == "10.0.0.7");
  CHECK(to_string(said.said[3].ip) == "10.0.0.7");

  // Without a MAC the address is whom it is about.
  Dissected by_ip =
      radius(message(4, attribute(8, hex("0a000007")) + attribute(87, "HWTC1234ABCD") +
                            attribute(31, "491701234567")));
  REQUIRE(by_ip.said.size() == 2);
  CHECK(by_ip.one(Field::gpon_serial) == "HWTC1234ABCD");
  CHECK(by_ip.one(Field::nas_port_id) == "HWTC1234ABCD");
  CHECK(to_string(by_ip.said[0].ip) == "10.0.0.7");
  CHECK_FALSE(by_ip.said[0].mac);
}

TEST_CASE("RADIUS through a proxy is about the server that it names") {
  Dissected said = radius(message(1, attributes + attribute(33, "state")));
  check_request(said);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(to_string(said.said[i].ip) == "192.0.2.9");
    CHECK_FALSE(said.said[i].mac);
  }
  Dissected nameless = radius(
      message(1, attribute(32, "x") + attribute(26, hex("000007db 1a 02")) + attribute(33, "s")));
  CHECK(nameless.said.empty());
  CHECK_FALSE(nameless.malformed);
}

TEST_CASE("RADIUS answers are policy: nothing is said") {
  for (uint8_t code : {uint8_t{2}, uint8_t{3}, uint8_t{5}, uint8_t{11}, uint8_t{12}, uint8_t{40},
                       uint8_t{43}, uint8_t{0}, uint8_t{255}}) {
    Dissected said = radius(message(code, attributes));
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
}

TEST_CASE("RADIUS stations that are none") {
  for (std::string_view station : {"491701234567", "1/2/3", "", "01-00-5e-00-00-01",
                                   "00-00-00-00-00-00", "sip:user@example.org"}) {
    INFO(station);
    Dissected said = radius(message(1, attribute(31, station) + attribute(87, "port 1")));
    CHECK(said.said.empty());
  }
  CHECK(radius(message(1, attribute(31, "001422e9545e"))).one(Field::client_mac) ==
        "00:14:22:e9:54:5e");
}

TEST_CASE("RADIUS never says names or passwords of users") {
  for (const Said& one : radius(message(4, attributes)).said) {
    CHECK(one.text.find("user") == std::string::npos);
    CHECK(one.text.find("0123456789abcdef") == std::string::npos);
  }
}

TEST_CASE("RADIUS lengths that cannot be") {
  for (const char* bad : {"20 01", "20 00", "20 ff 41", "20"}) {
    INFO(bad);
    Octets broken = message(1, attribute(32, "nas") + hex(bad));
    Dissected said = radius(broken);
    CHECK(said.malformed);
    CHECK(said.said.empty());
    Packet cut = ip_packet(50000, 1812);
    cut.cut = true;  // by the snap length: what is before the cut stays
    CHECK(dissect(Protocol::radius, cut, broken).one(Field::nas_identifier) == "nas");
  }
  // A vendor's own attributes are nobody else's to judge.
  CHECK(radius(message(1, attribute(26, hex("000007db 41 00")))).one(Field::vendor_attribute) ==
        "2011");
  CHECK(radius(message(1, attribute(26, hex("0007db")))).said.empty());
  Octets small = message(1, {});
  small[3] = 19;
  CHECK(radius(small).malformed);
  Octets large = message(1, attribute(32, "nas"));
  large[2] = 0xff;
  CHECK(radius(large).malformed);
  CHECK(radius(large).said.empty());
  // Behind the length there is padding.
  CHECK(radius(message(1, attribute(32, "nas")) + attribute(32, "x")).said.size() == 1);

  Octets many;
  for (int i = 0; i < 2000; ++i) many = many + attribute(32, "a");
  CHECK(radius(message(1, many)).said.size() == 256);
}

TEST_CASE("RADIUS cut anywhere") {
  every_prefix(Protocol::radius, ip_packet(50000, 1813), message(4, attributes));
}
