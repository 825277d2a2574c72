// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets message = hex("21 00 1234 0001 000f") + text("FOC1031Z7JG") + hex("0002 0009") +
                       text("Gi0/1") +
                       hex("0003 0008 00000001 0004 0005 0f 0005 0005 05 0006 0007") + text("sw1") +
                       hex("0007 0008 00000002");

}  // namespace

TEST_CASE("UDLD says who speaks") {
  Dissected udld = dissect(Protocol::udld, link_packet(), message);
  CHECK(udld.said.size() == 3);
  CHECK(udld.one(Field::chassis_id) == "FOC1031Z7JG");
  CHECK(udld.one(Field::port_id) == "Gi0/1");
  CHECK(udld.one(Field::system_name) == "sw1");
  CHECK_FALSE(udld.malformed);
}

TEST_CASE("UDLD lengths that lie") {
  for (const char* lie : {"21 00 1234 0001 0000", "21 00 1234 0001 ffff 41", "21 00"}) {
    CHECK(dissect(Protocol::udld, link_packet(), hex(lie)).said.empty());
    CHECK(dissect(Protocol::udld, link_packet(), hex(lie)).malformed);
  }
  every_prefix(Protocol::udld, link_packet(), message);
}
