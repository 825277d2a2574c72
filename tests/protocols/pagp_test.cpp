// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets message = hex("01 05 00e0fc100001 02 80 00000003 00020001 00000003") +
                       hex("000c29100002 02 80 00000004 00020001 00000004 0001 0002") +
                       hex("0001 0007") + text("sw1") + hex("0002 0009") + text("Gi0/1") +
                       Octets(20);

}  // namespace

TEST_CASE("PAgP names both devices") {
  Dissected pagp = dissect(Protocol::pagp, link_packet(), message);
  REQUIRE(pagp.said.size() == 4);
  CHECK(pagp.all(Field::device_mac) ==
        std::vector<std::string>{"00:e0:fc:10:00:01", "00:0c:29:10:00:02"});
  CHECK(pagp.one(Field::system_name) == "sw1");
  CHECK(pagp.one(Field::port_id) == "Gi0/1");
  CHECK(to_string(pagp.said[0].mac) == "00:00:5e:00:53:01");
  CHECK(to_string(pagp.said[3].mac) == "00:0c:29:10:00:02");
  CHECK_FALSE(pagp.malformed);
}

TEST_CASE("PAgP that names less") {
  CHECK(dissect(Protocol::pagp, link_packet(), hex("02 00 0000")).said.empty());
  Dissected alone = dissect(Protocol::pagp, link_packet(),
                            hex("01 05 00e0fc100001 02 80") + Octets(34) + hex("0000"));
  CHECK(alone.said.size() == 1);
  CHECK_FALSE(alone.malformed);
  Dissected lie = dissect(Protocol::pagp, link_packet(),
                          hex("01 05 00e0fc100001 02 80") + Octets(34) + hex("ffff 0001 0002"));
  CHECK(lie.said.size() == 1);
  CHECK(lie.malformed);
  every_prefix(Protocol::pagp, link_packet(), message);
}
