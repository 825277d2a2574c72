// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected pfcp(const Octets& message) {
  return dissect(Protocol::pfcp, ip_packet(8805, 8805), message);
}

const Octets setup =
    hex("20 05 0000 000001 00"
        "003c 0012 02 04 75706631 07 6578616d706c65 03 6f7267"  // upf1.example.org
        "0060 0004 e8a5b000"                                    // recovery time
        "8001 0003 07db 01"
        "");

Octets sized(Octets message) {
  message[2] = static_cast<uint8_t>((message.size() - 4) >> 8);
  message[3] = static_cast<uint8_t>(message.size() - 4);
  return message;
}

}  // namespace

TEST_CASE("PFCP association setup: the function's name and whose private elements it adds") {
  Dissected said = pfcp(sized(setup));
  CHECK(said.said.size() == 2);
  CHECK(said.one(Field::fqdn) == "upf1.example.org");
  CHECK(said.one(Field::vendor_enterprise) == "2011");
  CHECK_FALSE(said.malformed);
  Octets response = sized(setup);
  response[1] = 6;
  CHECK(pfcp(response).said.size() == 2);
}

TEST_CASE("PFCP: a node that is an address has no name, other messages say nothing") {
  CHECK(pfcp(sized(hex("2005 0000 000001 00 003c 0005 00 c0000201"))).said.empty());
  for (uint8_t type : {uint8_t{1}, uint8_t{2}, uint8_t{7}, uint8_t{9}, uint8_t{50}, uint8_t{51}}) {
    Octets other = sized(setup);
    other[1] = type;
    CHECK(pfcp(other).said.empty());
    CHECK_FALSE(pfcp(other).malformed);
  }
  Octets session = sized(setup);
  session[0] = 0x21;
  CHECK(pfcp(session).said.empty());
  Octets version = sized(setup);
  version[0] = 0x40;
  CHECK(pfcp(version).said.empty());
  CHECK_FALSE(pfcp(version).malformed);
}

TEST_CASE("PFCP lengths that cannot be") {
  Dissected element = pfcp(sized(setup + hex("003c ffff 02")));
  CHECK(element.malformed);
  CHECK(element.said.size() == 2);
  Octets message = sized(setup);
  message[2] = 0xff;
  CHECK(pfcp(message).malformed);
  CHECK(pfcp(sized(hex("2005 0000 000001 00 003c 0003 02 09 61"))).malformed);
  CHECK(pfcp(sized(hex("2005 0000 000001 00 8001 0000"))).said.empty());

  Octets many = hex("2005 0000 000001 00");
  for (int i = 0; i < 1000; ++i) many = many + hex("8001 0002 07db");
  CHECK(pfcp(sized(many)).said.size() == 64);
}

TEST_CASE("PFCP cut anywhere") {
  every_prefix(Protocol::pfcp, ip_packet(8805, 8805), sized(setup));
}
