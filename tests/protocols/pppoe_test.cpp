// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets tag(uint16_t type, const Octets& value) {
  return Octets{static_cast<uint8_t>(type >> 8), static_cast<uint8_t>(type),
                static_cast<uint8_t>(value.size() >> 8), static_cast<uint8_t>(value.size())} +
         value;
}

Octets message(const char* code, const Octets& tags) {
  Octets size{static_cast<uint8_t>(tags.size() >> 8), static_cast<uint8_t>(tags.size())};
  return hex("11") + hex(code) + hex("0000") + size + tags;
}

const Octets circuit = text("olt1 gpon 0/1/0/3:12 HWTC1234ABCD");
const Octets line = tag(0x0105, hex("00000de9 01") + Octets{static_cast<uint8_t>(circuit.size())} +
                                    circuit + hex("02 03") + text("r-7") + hex("81 04 000003e8"));
const Octets initiation = message("09", tag(0x0101, {}) + tag(0x0103, hex("cafe")) + line);
const Octets offer =
    message("07", tag(0x0101, {}) + tag(0x0102, text("ME60-1")) +
                      tag(0x0105, hex("000007db") + text("v8")) + tag(0x0104, hex("00ff"))) +
    Octets(6);  // padding

}  // namespace

TEST_CASE("PPPoE initiation with the line that an access node added") {
  Dissected pppoe = dissect(Protocol::pppoe, link_packet(), initiation);
  CHECK(pppoe.said.size() == 3);
  CHECK(pppoe.one(Field::gpon_serial) == "HWTC1234ABCD");
  CHECK(pppoe.one(Field::relay_circuit) == "olt1 gpon 0/1/0/3:12 HWTC1234ABCD");
  CHECK(pppoe.one(Field::relay_remote) == "r-7");
  CHECK_FALSE(pppoe.malformed);
}

TEST_CASE("PPPoE offer") {
  Dissected pppoe = dissect(Protocol::pppoe, link_packet(), offer);
  CHECK(pppoe.said.size() == 3);
  CHECK(pppoe.one(Field::access_concentrator) == "ME60-1");
  CHECK(pppoe.one(Field::vendor_enterprise) == "2011");
  CHECK(pppoe.one(Field::vendor_info) == "v8");
  CHECK_FALSE(pppoe.malformed);
}

TEST_CASE("PPPoE tags that are not their sender's") {
  Dissected request =
      dissect(Protocol::pppoe, link_packet(), message("19", tag(0x0102, text("ME60-1"))));
  CHECK(request.said.empty());
  Dissected echoed = dissect(Protocol::pppoe, link_packet(), message("65", line));
  CHECK(echoed.said.empty());
  Dissected foreign =
      dissect(Protocol::pppoe, link_packet(), message("07", tag(0x0105, hex("010007db"))));
  CHECK(foreign.said.empty());
  Dissected behind_end = dissect(Protocol::pppoe, link_packet(),
                                 message("07", tag(0, {}) + tag(0x0102, text("ME60-1"))));
  CHECK(behind_end.said.empty());
  CHECK_FALSE(behind_end.malformed);
}

TEST_CASE("PPPoE lengths that lie") {
  for (const Octets& lie :
       {hex("11 07 0000 0008 0102 ffff 41424344"), hex("11 07 0000 0003 010200"),
        hex("11 07 0000 00ff 0102 0001 41"), hex("21 07 0000 0005 0102 0001 41"),
        message("07", tag(0x0105, hex("0007db"))),
        message("09", tag(0x0105, hex("00000de9 01 ff 41")))}) {
    Dissected pppoe = dissect(Protocol::pppoe, link_packet(), lie);
    CHECK(pppoe.said.empty());
    CHECK(pppoe.malformed);
  }
}

TEST_CASE("PPPoE cut anywhere") {
  every_prefix(Protocol::pppoe, link_packet(), initiation);
  every_prefix(Protocol::pppoe, link_packet(), offer);
}
