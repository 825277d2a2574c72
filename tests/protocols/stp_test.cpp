// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets times = hex("8001 0000 1400 0200 0f00");
const Octets root = hex("8000 00e0fc100001");
const Octets bridge = hex("8000 000c29100002");
const Octets classic = hex("0000 00 00 00") + root + hex("00000004") + bridge + times;
const Octets rapid = hex("0000 02 02 7c") + root + hex("00000004") + bridge + times + hex("00");
const Octets multiple = hex("0000 03 02 7c") + root + hex("00000000") + hex("8000 0050c2100003") +
                        times + hex("00 0040 00") + Octets(32, 'r') + hex("0001") +
                        Octets(16, 0xac) + hex("00000000") + bridge + hex("14");

}  // namespace

TEST_CASE("STP names the bridge and the root") {
  for (const Octets& message : {classic, rapid}) {
    Dissected stp = dissect(Protocol::stp, link_packet(), message);
    REQUIRE(stp.said.size() == 2);
    CHECK(stp.said[0].text == "00:0c:29:10:00:02");
    CHECK(to_string(stp.said[0].mac) == "00:00:5e:00:53:01");
    CHECK(stp.said[1].text == "00:e0:fc:10:00:01");
    CHECK(to_string(stp.said[1].mac) == "00:e0:fc:10:00:01");
    CHECK(stp.said[1].mac_is_own);
    CHECK_FALSE(stp.malformed);
  }
}

TEST_CASE("MSTP has the sender behind its regional root") {
  Dissected stp = dissect(Protocol::stp, link_packet(), multiple);
  CHECK(stp.all(Field::bridge_mac) ==
        std::vector<std::string>{"00:0c:29:10:00:02", "00:e0:fc:10:00:01"});
  CHECK_FALSE(stp.malformed);
}

TEST_CASE("STP of the root itself says it once") {
  Octets own = hex("0000 00 00 00") + root + hex("00000000") + root + times;
  Dissected stp = dissect(Protocol::stp, link_packet(), own);
  REQUIRE(stp.said.size() == 1);
  CHECK(to_string(stp.said[0].mac) == "00:00:5e:00:53:01");
}

TEST_CASE("STP that names nobody") {
  // A topology change, GARP, an unknown type, identifiers without an address.
  for (const char* message : {"0000 00 80", "0001 01 02 00", "0000 02 55 00"}) {
    Dissected stp = dissect(Protocol::stp, link_packet(), hex(message));
    CHECK(stp.said.empty());
    CHECK_FALSE(stp.malformed);
  }
  Dissected none = dissect(Protocol::stp, link_packet(), hex("0000 00 00 00") + Octets(20) + times);
  CHECK(none.said.empty());
}

TEST_CASE("STP cut anywhere") {
  for (const Octets& message : {classic, rapid, multiple})
    every_prefix(Protocol::stp, link_packet(), message);
  Octets cut(multiple.begin(), multiple.end() - 2);
  CHECK(dissect(Protocol::stp, link_packet(), cut).said.empty());
  CHECK(dissect(Protocol::stp, link_packet(), cut).malformed);
}
