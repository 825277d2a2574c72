// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected diameter(const Octets& message) {
  return dissect(Protocol::diameter, ip_packet(3868, 50000), message);
}

Octets number(uint32_t value) {
  return {static_cast<uint8_t>(value >> 24), static_cast<uint8_t>(value >> 16),
          static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}

Octets attribute(uint32_t code, const Octets& value) {
  Octets whole =
      number(code) + number(0x40000000u + static_cast<uint32_t>(value.size()) + 8) + value;
  whole.resize((whole.size() + 3) / 4 * 4);
  return whole;
}

Octets vendors_own(uint32_t code, uint32_t vendor, const Octets& value) {
  Octets whole = number(code) + number(0x80000000u + static_cast<uint32_t>(value.size()) + 12) +
                 number(vendor) + value;
  whole.resize((whole.size() + 3) / 4 * 4);
  return whole;
}

Octets message(uint32_t command, const Octets& attributes) {
  return number(0x01000000u + static_cast<uint32_t>(attributes.size()) + 20) +
         number(0x80000000u + command) + Octets(12) + attributes;
}

const Octets capabilities = message(
    257, attribute(264, text("hss1.example.org")) + attribute(296, text("example.org")) +
             attribute(257, hex("0001 c0000201")) + attribute(266, number(2011)) +
             attribute(269, text("HSS 9860")) + attribute(267, number(10200)) +
             attribute(260, attribute(266, number(10415))) +
             // with the vendor flag the code means something else
             hex("00000109 80000010 000028af 000007dc 0000010a 80000010 000028af 000007dc"));

}  // namespace

TEST_CASE("Diameter capabilities exchange: what the node is") {
  Dissected said = diameter(capabilities);
  CHECK(said.said.size() == 4);
  CHECK(said.one(Field::fqdn) == "hss1.example.org");
  CHECK(said.one(Field::vendor_enterprise) == "2011");
  CHECK(said.one(Field::product_name) == "HSS 9860");
  CHECK(said.one(Field::firmware_revision) == "10200");
  CHECK_FALSE(said.malformed);
  for (const Said& one : said.said) CHECK(to_string(one.ip) == "192.0.2.1");
}

TEST_CASE("Diameter watchdog names its sender") {
  Dissected said = diameter(message(280, attribute(264, text("mme.example.org"))));
  CHECK(said.said.size() == 1);
  CHECK(said.one(Field::fqdn) == "mme.example.org");
}

TEST_CASE("Diameter: what may be relayed, and what is none, says nothing") {
  Octets origin = attribute(264, text("far.example.org")) + attribute(266, number(2011));
  for (uint32_t command : {272u, 316u, 318u, 282u, 0u}) {
    Dissected said = diameter(message(command, origin));
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
  Octets version = message(257, origin);
  version[0] = 2;
  CHECK(diameter(version).said.empty());
  CHECK_FALSE(diameter(version).malformed);
  CHECK(diameter(message(257, attribute(266, number(0)))).said.empty());
  CHECK(diameter(message(257, attribute(266, hex("07db")))).said.empty());
}

TEST_CASE("Diameter credit control: the numbers of makers' own attributes, unless it was relayed") {
  Octets own = vendors_own(20400, 2011, text("sms-1234")) + vendors_own(20431, 2011, number(1));
  Octets origin = attribute(264, text("smsc.example.org")) + attribute(1, text("subscriber"));
  Octets request = message(272, origin + vendors_own(873, 10415, own) + vendors_own(5, 193, {}));
  Dissected said = diameter(request);
  CHECK(said.all(Field::vendor_attribute) ==
        std::vector<std::string>{"193:5", "2011:20400", "2011:20431"});
  CHECK(said.said.size() == 3);
  CHECK_FALSE(said.malformed);
  every_prefix(Protocol::diameter, ip_packet(3868, 50000), request);
  CHECK(diameter(message(272, attribute(282, text("relay.example.org")) + own)).said.empty());
  CHECK(diameter(message(316, own)).said.empty());
  Octets answer = message(272, own);
  answer[4] = 0;
  CHECK(diameter(answer).said.empty());
  CHECK(diameter(message(272, vendors_own(266, 10415, own))).said.empty());
}

TEST_CASE("Diameter credit control: sizes that lie, too many attributes") {
  Octets many;
  for (int i = 0; i < 100; ++i) many = many + vendors_own(20400, 2011, {});
  CHECK(diameter(message(272, many)).said.size() == 16);
  CHECK(diameter(message(272, vendors_own(873, 10415, many))).said.size() == 16);
  CHECK(diameter(message(272, many + many)).said.empty());  // a relay's name may be behind them
  CHECK(diameter(message(272, hex("00004fb0 80000008"))).malformed);
  CHECK(diameter(message(272, hex("00004fb0 80ffffff 000007db"))).malformed);
  Dissected inner = diameter(message(272, vendors_own(873, 10415, hex("00004fb0 80000040"))));
  CHECK(inner.said.empty());
  CHECK(inner.malformed);
  Octets open = message(272, many);
  open[1] = 0xff;
  CHECK(diameter(open).wants_more);
  CHECK(diameter(open).said.empty());
}

TEST_CASE("Diameter lengths that cannot be") {
  Dissected attribute_size =
      diameter(message(280, attribute(264, text("a")) + hex("0000010a 00000007 000007db")));
  CHECK(attribute_size.malformed);
  CHECK(attribute_size.one(Field::fqdn) == "a");
  CHECK(diameter(message(280, hex("0000010a 00ffffff 000007db"))).malformed);
  CHECK(diameter(hex("01000013 80000101 000000000000000000000000")).malformed);

  Octets open = capabilities;
  open[1] = 0xff;  // longer than what there is: more may come
  CHECK(diameter(open).said.size() == 4);
  CHECK_FALSE(diameter(open).malformed);

  Octets many;
  for (int i = 0; i < 1000; ++i) many = many + attribute(264, text("a"));
  CHECK(diameter(message(280, many)).said.size() == 128);
}

TEST_CASE("Diameter cut anywhere") {
  every_prefix(Protocol::diameter, ip_packet(3868, 50000), capabilities);
}
