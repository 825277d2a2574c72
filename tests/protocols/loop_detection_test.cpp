// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

TEST_CASE("Loop detection on EtherType 0x9998") {
  Dissected loop = dissect(Protocol::loop_detection, link_packet(), hex("0001 0000"));
  CHECK(loop.said.size() == 1);
  CHECK(loop.one(Field::message) == "loop-detection");

  Dissected other = dissect(Protocol::loop_detection, link_packet(), hex("0002 0000"));
  CHECK(other.said.empty());
  CHECK_FALSE(other.malformed);
  CHECK(dissect(Protocol::loop_detection, link_packet(), hex("00")).malformed);
}
