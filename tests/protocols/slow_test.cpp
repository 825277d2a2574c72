// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets actor = hex("01 14 8000 00e0fc100001 0001 8000 0005 3d 000000");
const Octets partner = hex("02 14 8000 000c29100002 0001 8000 0007 3d 000000");
const Octets aggregation = hex("01 01") + actor + partner + hex("03 10 0000") + Octets(12);
const Octets information = hex("03 0050 00 01 10 01 0001 00 1d 05ee 00e0fc 00000007") +
                           hex("02 10 01 0001 00 1d 05ee 000c29 00000000 00");

}  // namespace

TEST_CASE("LACP names both systems") {
  Dissected slow = dissect(Protocol::slow, link_packet(), aggregation);
  REQUIRE(slow.said.size() == 2);
  CHECK(slow.said[0].text == "00:e0:fc:10:00:01");
  CHECK(to_string(slow.said[0].mac) == "00:00:5e:00:53:01");
  CHECK(slow.said[1].text == "00:0c:29:10:00:02");
  CHECK(to_string(slow.said[1].mac) == "00:0c:29:10:00:02");
  CHECK_FALSE(slow.malformed);
}

TEST_CASE("LACP without a partner") {
  Dissected slow = dissect(Protocol::slow, link_packet(),
                           hex("01 01") + actor + hex("02 14") + Octets(18) + Octets(50));
  CHECK(slow.said.size() == 1);
  CHECK(slow.one(Field::system_mac) == "00:e0:fc:10:00:01");
  CHECK_FALSE(slow.malformed);
}

TEST_CASE("LACP lengths that lie") {
  for (const char* lie :
       {"01 01 02 14", "01 01 01 00", "01 01 01 01", "01 01 01 ff 00", "01 01 01 05 000000"}) {
    Dissected slow = dissect(Protocol::slow, link_packet(), hex(lie));
    INFO(lie);
    CHECK(slow.said.empty());
    CHECK(slow.malformed);
  }
}

TEST_CASE("OAM information of the sender only") {
  Dissected slow = dissect(Protocol::slow, link_packet(), information);
  CHECK(slow.said.size() == 2);
  CHECK(slow.one(Field::organization_oui) == "00e0fc");
  CHECK(slow.one(Field::vendor_info) == "00000007");
  CHECK_FALSE(slow.malformed);

  Dissected bare = dissect(Protocol::slow, link_packet(),
                           hex("03 0050 00 01 10 01 0001 00 1d 05ee 00e0fc 00000000"));
  CHECK(bare.said.size() == 1);

  Dissected lie = dissect(Protocol::slow, link_packet(), hex("03 0050 00 01 04 0100"));
  CHECK(lie.said.empty());
  CHECK(lie.malformed);
}

TEST_CASE("Slow protocols of organisations") {
  Dissected oam = dissect(Protocol::slow, link_packet(), hex("03 0050 fe 00e0fc 0102"));
  CHECK(oam.one(Field::organization_oui) == "00e0fc");
  Dissected other = dissect(Protocol::slow, link_packet(), hex("0a 0019a7 0001"));
  CHECK(other.one(Field::organization_oui) == "0019a7");
  for (const char* silent : {"02 01 0110", "03 0050 01 0001", "63 00"}) {
    Dissected slow = dissect(Protocol::slow, link_packet(), hex(silent));
    CHECK(slow.said.empty());
    CHECK_FALSE(slow.malformed);
  }
}

TEST_CASE("Slow protocols cut anywhere") {
  every_prefix(Protocol::slow, link_packet(), aggregation);
  every_prefix(Protocol::slow, link_packet(), information);
  CHECK(dissect(Protocol::slow, link_packet(), {}).malformed);
}
