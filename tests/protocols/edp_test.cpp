// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets head = hex("01 00 0060 1234 0007 0000 00e02b100001");
const Octets message = head + hex("99 01 000a") + text("core-1") +
                       hex("99 02 0024 0000 0004 0000 000000000000 0c040105") + Octets(16) +
                       hex("99 05 0014 80 00 0064 00000000 c0000201") + text("mgmt") +
                       hex("99 00 0004");

}  // namespace

TEST_CASE("EDP of a switch") {
  Dissected edp = dissect(Protocol::edp, link_packet(), message);
  CHECK(edp.said.size() == 6);
  CHECK(edp.one(Field::device_mac) == "00:e0:2b:10:00:01");
  CHECK(edp.one(Field::system_name) == "core-1");
  CHECK(edp.one(Field::software_version) == "12.4.1.5");
  CHECK(edp.one(Field::port_id) == "1.5");
  CHECK(edp.one(Field::management_address) == "192.0.2.1");
  CHECK(edp.one(Field::vlan_name) == "mgmt");
  CHECK_FALSE(edp.malformed);
}

TEST_CASE("EDP lengths that lie") {
  for (const char* lie : {"99 01 0003", "99 01 ffff 41", "77 01 0008 41424344", "99"}) {
    Dissected edp = dissect(Protocol::edp, link_packet(), head + hex(lie));
    INFO(lie);
    CHECK(edp.said.size() == 1);
    CHECK(edp.malformed);
  }
  Dissected inside = dissect(Protocol::edp, link_packet(),
                             head + hex("99 02 0006 0000 99 05 0005 80 99 01 0006") + text("c1"));
  CHECK(inside.said.size() == 2);
  CHECK(inside.one(Field::system_name) == "c1");
  CHECK(inside.malformed);
}

TEST_CASE("EDP cut anywhere") { every_prefix(Protocol::edp, link_packet(), message); }
