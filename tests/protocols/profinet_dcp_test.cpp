// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets response = hex("feff 05 01 00000007 0000 0034 0201 0009 0000") + text("S7-1200") +
                        hex("00 0202 0006 0000") + text("plc1") +
                        hex("0203 0006 0000 002a 010d 0102 000e 0001 c0000205 ffffff00 c0000201") +
                        Octets(4);

}  // namespace

TEST_CASE("PROFINET identify response") {
  Dissected dcp = dissect(Protocol::profinet_dcp, link_packet(), response);
  CHECK(dcp.said.size() == 5);
  CHECK(dcp.one(Field::device_type) == "S7-1200");
  CHECK(dcp.one(Field::system_name) == "plc1");
  CHECK(dcp.one(Field::vendor_id) == "002a");
  CHECK(dcp.one(Field::device_id) == "010d");
  CHECK(dcp.one(Field::management_address) == "192.0.2.5");
  CHECK_FALSE(dcp.malformed);
}

TEST_CASE("PROFINET frames that say nothing of their sender") {
  // Cyclic data, an identify request, a set request, an answer to one.
  for (const char* message : {"8000 0102 0304", "fefe 05 00 00000007 0001 0004 ffff 0000",
                              "fefd 04 00 00000007 0000 000a 0202 0006 0001 706c6331",
                              "fefd 04 01 00000007 0000 0008 0504 0003 020200 00"}) {
    Dissected dcp = dissect(Protocol::profinet_dcp, link_packet(), hex(message));
    CHECK(dcp.said.empty());
    CHECK_FALSE(dcp.malformed);
  }
}

TEST_CASE("PROFINET lengths that lie") {
  for (const char* message :
       {"feff 05 01 00000007 0000 00ff 0202", "feff 05 01 00000007 0000 0006 0202 ffff 0000",
        "feff 05 01 00000007 0000 0005 0202 0001 00",
        "feff 05 01 00000007 0000 0008 0203 0004 0000 002a"}) {
    Dissected dcp = dissect(Protocol::profinet_dcp, link_packet(), hex(message));
    INFO(message);
    CHECK(dcp.all(Field::system_name).empty());
    CHECK(dcp.malformed);
  }
  every_prefix(Protocol::profinet_dcp, link_packet(), response);
}
