// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets tlv(uint8_t type, const Octets& value) {
  return Octets{0, type, 0, static_cast<uint8_t>(value.size())} + value;
}

const Octets router = hex("0000 0007") + tlv(1, hex("000c42100001")) + tlv(5, text("gw")) +
                      tlv(7, text("6.49.6 (stable)")) + tlv(8, text("MikroTik")) +
                      tlv(10, hex("10270000")) + tlv(11, text("ABCD-1234")) +
                      tlv(12, text("RB4011iGS+")) +
                      tlv(15, hex("fe80000000000000020c42fffe100001")) +
                      tlv(16, text("bridge/ether2")) + tlv(17, hex("c0000201"));

}  // namespace

TEST_CASE("MNDP of a router") {
  Dissected mndp = dissect(Protocol::mndp, ip_packet(5678, 5678), router);
  CHECK(mndp.said.size() == 8);
  CHECK(mndp.one(Field::device_mac) == "00:0c:42:10:00:01");
  CHECK(mndp.one(Field::system_name) == "gw");
  CHECK(mndp.one(Field::software_version) == "6.49.6 (stable)");
  CHECK(mndp.one(Field::manufacturer) == "MikroTik");
  CHECK(mndp.one(Field::model) == "RB4011iGS+");
  CHECK(mndp.one(Field::port_id) == "bridge/ether2");
  CHECK(mndp.all(Field::management_address) ==
        std::vector<std::string>{"fe80::20c:42ff:fe10:1", "192.0.2.1"});
  CHECK_FALSE(mndp.malformed);
}

TEST_CASE("MNDP asked for and lied about") {
  Dissected question = dissect(Protocol::mndp, ip_packet(5678, 5678), hex("00000000"));
  CHECK(question.said.empty());
  CHECK_FALSE(question.malformed);
  Dissected lie = dissect(Protocol::mndp, ip_packet(5678, 5678),
                          hex("00000000") + tlv(5, text("gw")) + hex("0007 ffff 41"));
  CHECK(lie.said.size() == 1);
  CHECK(lie.malformed);
  Dissected odd = dissect(Protocol::mndp, ip_packet(5678, 5678),
                          hex("00000000") + tlv(1, hex("000c42")) + tlv(17, hex("c000")));
  CHECK(odd.said.empty());
}

TEST_CASE("MNDP cut anywhere") { every_prefix(Protocol::mndp, ip_packet(5678, 5678), router); }
