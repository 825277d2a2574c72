// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets check(const Octets& id, const Octets& tlvs) {
  Octets padded = id;
  padded.resize(48);
  return hex("a0 01 04 46 00000007 0001") + padded + Octets(16) + tlvs;
}

const Octets named = check(hex("04 04") + text("prov") + hex("02 05") + text("vlan7"),
                           hex("02 0001 02 01 0009 06 04 00e0fc100001 00 00"));

}  // namespace

TEST_CASE("CFM continuity check") {
  Dissected cfm = dissect(Protocol::cfm, link_packet(), named);
  CHECK(cfm.said.size() == 3);
  CHECK(cfm.one(Field::maintenance_domain) == "prov");
  CHECK(cfm.one(Field::maintenance_association) == "vlan7");
  CHECK(cfm.one(Field::chassis_mac) == "00:e0:fc:10:00:01");
  CHECK_FALSE(cfm.malformed);
}

TEST_CASE("CFM with other names") {
  Dissected itu = dissect(Protocol::cfm, link_packet(),
                          check(hex("01 20 0d") + text("ICC01MEG00001"), hex("00")));
  CHECK(itu.said.size() == 1);
  CHECK(itu.one(Field::maintenance_association) == "ICC01MEG00001");
  Dissected chassis =
      dissect(Protocol::cfm, link_packet(), hex("a0 03 00 00 01 0004 02 07 4142 00"));
  CHECK(chassis.said.size() == 1);
  CHECK(chassis.one(Field::chassis_id) == "AB");
  Dissected none = dissect(Protocol::cfm, link_packet(), hex("a0 03 00 00 01 0001 00 00"));
  CHECK(none.said.empty());
  CHECK_FALSE(none.malformed);
}

TEST_CASE("CFM lengths that lie") {
  for (const Octets& lie : {check(hex("04 ff 41"), hex("00")), check(hex("01 02 ff"), hex("00")),
                            hex("a0 01 00 04 00000000 00"), hex("a0 03 00 00 01 ffff 00"),
                            hex("a0 03 00 00 01 0003 06 04 00 00"), hex("a0 03 00 ff 00")}) {
    CHECK(dissect(Protocol::cfm, link_packet(), lie).said.empty());
    CHECK(dissect(Protocol::cfm, link_packet(), lie).malformed);
  }
  every_prefix(Protocol::cfm, link_packet(), named);
}
