// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets summary =
    hex("02 01 01 03") + text("lab") + Octets(29) + hex("00000007 c0000201") + Octets(28);

}  // namespace

TEST_CASE("VTP domain") {
  Dissected vtp = dissect(Protocol::vtp, link_packet(), summary);
  CHECK(vtp.said.size() == 1);
  CHECK(vtp.one(Field::vtp_domain) == "lab");
  CHECK_FALSE(vtp.malformed);
  CHECK(dissect(Protocol::vtp, link_packet(), hex("02 03 00 00") + Octets(32)).said.empty());
}

TEST_CASE("VTP lengths that lie") {
  for (const Octets& lie : {hex("02 01 00 21") + Octets(60, 'a'), hex("02 01 00 08 414243")}) {
    CHECK(dissect(Protocol::vtp, link_packet(), lie).said.empty());
    CHECK(dissect(Protocol::vtp, link_packet(), lie).malformed);
  }
  every_prefix(Protocol::vtp, link_packet(), summary);
}
