// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets message =
    hex("01 0001 0008 6c616200 0002 0005 03 0003 0005 a5 0004 000a 000c29100002");

}  // namespace

TEST_CASE("DTP domain and sender") {
  Dissected dtp = dissect(Protocol::dtp, link_packet(), message);
  CHECK(dtp.said.size() == 2);
  CHECK(dtp.one(Field::vtp_domain) == "lab");
  CHECK(dtp.one(Field::device_mac) == "00:0c:29:10:00:02");
  CHECK_FALSE(dtp.malformed);
  CHECK(dissect(Protocol::dtp, link_packet(), hex("01 0001 0005 00 0004 0006 000c")).said.empty());
}

TEST_CASE("DTP lengths that lie") {
  for (const char* lie : {"01 0001 0003", "01 0001 ffff 41", "01 00"}) {
    CHECK(dissect(Protocol::dtp, link_packet(), hex(lie)).said.empty());
    CHECK(dissect(Protocol::dtp, link_packet(), hex(lie)).malformed);
  }
  every_prefix(Protocol::dtp, link_packet(), message);
}
