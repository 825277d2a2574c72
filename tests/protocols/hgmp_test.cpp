// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets tlv(uint8_t type, const Octets& value) {
  return Octets{0, type, 0, static_cast<uint8_t>(value.size() + 4)} + value;
}

const Octets head = hex("0003 0000 01 b4 09d2");
const Octets message = head + tlv(1, hex("00000000 00238910afd2")) +
                       tlv(7, text("H3C S5800-56C-PWR")) + tlv(0x0e, text("Release 1808P08")) +
                       tlv(0x11, text("V100R008B01D021")) + tlv(0x10, text("220")) +
                       tlv(0x0c, hex("1000") + Octets(14)) + tlv(3, text("Device C")) +
                       tlv(2, text("GigabitEthernet1/0/2")) + tlv(0x0b, hex("0003"));

}  // namespace

TEST_CASE("HGMP neighbour discovery") {
  Dissected hgmp = dissect(Protocol::hgmp, link_packet(), message);
  CHECK(hgmp.said.size() == 8);
  CHECK(hgmp.one(Field::message) == "neighbor-discovery");
  CHECK(hgmp.one(Field::device_mac) == "00:23:89:10:af:d2");
  CHECK(hgmp.one(Field::platform) == "H3C S5800-56C-PWR");
  CHECK(hgmp.one(Field::software_version) == "Release 1808P08");
  CHECK(hgmp.one(Field::software_revision) == "V100R008B01D021");
  CHECK(hgmp.one(Field::firmware_revision) == "220");
  CHECK(hgmp.one(Field::system_name) == "Device C");
  CHECK(hgmp.one(Field::port_id) == "GigabitEthernet1/0/2");
  CHECK_FALSE(hgmp.malformed);
}

TEST_CASE("HGMP of another kind is only spoken") {
  Dissected hgmp = dissect(Protocol::hgmp, link_packet(), hex("0002 0104 ffff"));
  CHECK(hgmp.said.size() == 1);
  CHECK(hgmp.one(Field::message) == "hello");
  CHECK_FALSE(hgmp.malformed);

  Dissected padded = dissect(Protocol::hgmp, link_packet(), head + tlv(3, text("sw")) + Octets(40));
  CHECK(padded.said.size() == 2);
  CHECK_FALSE(padded.malformed);
}

TEST_CASE("HGMP lengths that lie") {
  for (const char* lie : {"0003 0000", "0003 0003 41", "0003 ffff 41424344", "00"}) {
    Dissected hgmp = dissect(Protocol::hgmp, link_packet(), head + tlv(7, text("S1")) + hex(lie));
    INFO(lie);
    CHECK(hgmp.said.size() == 2);
    CHECK(hgmp.malformed);
  }
  every_prefix(Protocol::hgmp, link_packet(), message);
  CHECK(dissect(Protocol::hgmp, link_packet(), hex("00")).malformed);
}
