// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets tlv(uint8_t type, const Octets& value) {
  return Octets{0, type, 0, static_cast<uint8_t>(value.size() + 4)} + value;
}

const Octets head = hex("01 0a 1234");
const Octets message =
    head + tlv(1, text("fdry")) + tlv(2, hex("00000001 01 01 cc 0004 c0000201")) +
    tlv(3, text("ethernet1/2")) + tlv(4, hex("00000009")) +
    tlv(5, text("Foundry Networks, Inc. Version 05.0.00")) + tlv(6, text("SW FESX424"));

}  // namespace

TEST_CASE("FDP of a switch") {
  Dissected fdp = dissect(Protocol::fdp, link_packet(), message);
  CHECK(fdp.said.size() == 6);
  CHECK(fdp.one(Field::system_name) == "fdry");
  CHECK(fdp.one(Field::management_address) == "192.0.2.1");
  CHECK(fdp.one(Field::port_id) == "ethernet1/2");
  CHECK(fdp.one(Field::capabilities) == "router switch");
  CHECK(fdp.one(Field::software_version) == "Foundry Networks, Inc. Version 05.0.00");
  CHECK(fdp.one(Field::platform) == "SW FESX424");
  CHECK_FALSE(fdp.malformed);
}

TEST_CASE("FDP lengths that lie") {
  for (const char* lie : {"0001 0003", "0001 ffff 41", "0001", "0004 0006 0001"}) {
    Dissected fdp = dissect(Protocol::fdp, link_packet(), head + tlv(1, text("a")) + hex(lie));
    INFO(lie);
    CHECK(fdp.said.size() == 1);
    CHECK(fdp.malformed);
  }
}

TEST_CASE("FDP cut anywhere") { every_prefix(Protocol::fdp, link_packet(), message); }
