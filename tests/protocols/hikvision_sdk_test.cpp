// SPDX-License-Identifier: Apache-2.0
// Answers made from what service probes match.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets answer = hex("00000010 0000001e 0000001e 00000000");
const Octets other = hex("00000010 0000000d");

Dissected from(uint16_t port, const Octets& stream) {
  return dissect(Protocol::hikvision_sdk, ip_packet(port, 50000), stream);
}

}  // namespace

TEST_CASE("The control port answers what it does not understand") {
  Dissected said = from(8000, answer);
  REQUIRE(said.said.size() == 1);
  CHECK(said.one(Field::message) == "000000100000001e");
  CHECK(to_string(said.said[0].ip) == "192.0.2.1");
  CHECK_FALSE(said.malformed);
  CHECK(from(8000, answer + Octets(100, 0xff)).one(Field::message) == "000000100000001e");
  CHECK(from(8000, other).one(Field::message) == "000000100000000d");
  every_prefix(Protocol::hikvision_sdk, ip_packet(8000, 50000), answer);
  CHECK(from(8000, hex("00000010 0000001e 0000")).wants_more);
  CHECK(from(8000, hex("00000010 0000001e 0000")).said.empty());
}

TEST_CASE("The whole answer is believed on any port, the short one on its own alone") {
  CHECK(from(9100, answer).one(Field::message) == "000000100000001e");
  CHECK(from(9100, other).said.empty());
  CHECK(dissect(Protocol::hikvision_sdk, ip_packet(50000, 8000), other).said.empty());
  Told told;
  told(ethernet(0x0800, ipv4(6, tcp(100, 16, answer, 9100))));
  CHECK(told.facts == std::vector<std::string>{"000000100000001e"});
}

TEST_CASE("What else comes on that port says nothing and is not malformed") {
  for (const char* stream :
       {"", "00", "0000001000", "00000010 0000001e 0000001f 00000000",
        "00000010 0000001e 0000001e 00000001", "00000010 0000001f 0000001f 00000000",
        "00000011 0000001e 0000001e 00000000", "00000020 63000000 00000000 00000000",
        "ffffffff ffffffff ffffffff ffffffff"}) {
    INFO(stream);
    Dissected said = from(8000, hex(stream));
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
  CHECK(from(8000, text("220 ready\r\n")).said.empty());
  CHECK(from(8000, Octets(65536, 0)).said.empty());
}
