// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets head = hex("02 b4 0000");

Octets tlv(uint16_t type, const Octets& value) {
  size_t size = value.size() + 4;
  return Octets{static_cast<uint8_t>(type >> 8), static_cast<uint8_t>(type),
                static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)} +
         value;
}

/// What a router of 1998 sent.
const Octets router =
    hex("01 b4 dff0"
        "0001 0006 5231"
        "0002 0011 00000001 01 01 cc 0004 c0a80a01"
        "0003 000d 45746865726e657430"
        "0004 0008 00000001") +
    tlv(5, text("Cisco Internetwork Operating System Software \n"
                "IOS (tm) 1600 Software (C1600-NY-L), Version 11.2(12)P, RELEASE SOFTWARE (fc1)\n"
                "Copyright (c) 1986-1998 by cisco Systems, Inc.\n"
                "Compiled Tue 03-Mar-98 06:33 by dschwart")) +
    tlv(6, text("cisco 1601"));

const Octets telephone = head + tlv(1, text("SEP00e0fc123456")) +
                         hex("0002 002d 00000002"
                             "01 01 cc 0004 c0000205"
                             "02 08 aaaa0300000086dd 0010 20010db8000000000000000000000007") +
                         tlv(3, text("Port 1")) + tlv(4, hex("00000490")) +
                         tlv(5, text("SIP75.8-3-3S")) + tlv(6, text("Phone 7975")) +
                         tlv(9, text("lab")) + tlv(0x0a, hex("0064")) + tlv(0x0b, hex("01")) +
                         tlv(0x14, text("phone-7")) +
                         tlv(0x15, hex("06 0a 2b06010401 09 0c03 8767")) +
                         tlv(0x16, hex("00000001 01 01 cc 0004 c0000206"));

}  // namespace

TEST_CASE("CDP version 1 of a router") {
  Dissected cdp = dissect(Protocol::cdp, link_packet(), router);
  CHECK(cdp.said.size() == 6);
  CHECK(cdp.one(Field::system_name) == "R1");
  CHECK(cdp.one(Field::management_address) == "192.168.10.1");
  CHECK(cdp.one(Field::port_id) == "Ethernet0");
  CHECK(cdp.one(Field::capabilities) == "router");
  CHECK(cdp.one(Field::software_version) ==
        "Cisco Internetwork Operating System Software IOS (tm) 1600 Software (C1600-NY-L), Version "
        "11.2(12)P, RELEASE SOFTWARE (fc1) Copyright (c) 1986-1998 by cisco Systems, Inc. Compiled "
        "Tue 03-Mar-98 06:33 by dschwart");
  CHECK(cdp.one(Field::platform) == "cisco 1601");
  CHECK(to_string(cdp.said[0].mac) == "00:00:5e:00:53:01");
  CHECK(cdp.said[0].mac_is_own);
  CHECK_FALSE(cdp.malformed);
}

TEST_CASE("CDP version 2 with everything that is read") {
  Dissected cdp = dissect(Protocol::cdp, link_packet(), telephone);
  CHECK(cdp.said.size() == 12);
  CHECK(cdp.all(Field::system_name) == std::vector<std::string>{"SEP00e0fc123456", "phone-7"});
  CHECK(cdp.all(Field::management_address) ==
        std::vector<std::string>{"192.0.2.5", "2001:db8::7", "192.0.2.6"});
  CHECK(cdp.one(Field::port_id) == "Port 1");
  CHECK(cdp.one(Field::capabilities) == "host telephone relay");
  CHECK(cdp.one(Field::software_version) == "SIP75.8-3-3S");
  CHECK(cdp.one(Field::platform) == "Phone 7975");
  CHECK(cdp.one(Field::vtp_domain) == "lab");
  CHECK(cdp.one(Field::native_vlan) == "100");
  CHECK(cdp.one(Field::system_object_id) == "1.3.6.1.4.1.9.12.3.999");
  CHECK_FALSE(cdp.malformed);
}

TEST_CASE("CDP values as few send them") {
  Dissected bare = dissect(Protocol::cdp, link_packet(), head + tlv(0x15, hex("2b06010401 09")));
  CHECK(bare.one(Field::system_object_id) == "1.3.6.1.4.1.9");

  Dissected binary = dissect(Protocol::cdp, link_packet(), head + tlv(1, hex("00e0fc123456")));
  CHECK(binary.one(Field::system_name) == "00e0fc123456");

  Dissected all =
      dissect(Protocol::cdp, link_packet(), head + tlv(4, hex("ffffffff")) + tlv(9, {}));
  CHECK(all.said.size() == 1);
  CHECK(all.one(Field::capabilities) ==
        "router bridge source-route-bridge switch host igmp repeater telephone remote-managed "
        "stp-dispute relay");

  Dissected appletalk = dissect(Protocol::cdp, link_packet(),
                                head + tlv(2, hex("00000003 02 08 aaaa03080007809b 0003 000101"
                                                  "01 01 cc 0010 20010db8000000000000000000000007"
                                                  "02 08 aaaa030000000800 0004 c0000207")));
  CHECK(appletalk.said.size() == 1);
  CHECK(appletalk.one(Field::management_address) == "192.0.2.7");
  CHECK_FALSE(appletalk.malformed);
}

TEST_CASE("CDP lengths that lie") {
  const Octets name = tlv(1, text("sw1"));
  for (const char* lie : {"0006 0000", "0006 0003 41", "0006 ffff 41424344", "0006"}) {
    Dissected cdp = dissect(Protocol::cdp, link_packet(), head + name + hex(lie));
    INFO(lie);
    CHECK(cdp.said.size() == 1);
    CHECK(cdp.one(Field::system_name) == "sw1");
    CHECK(cdp.malformed);
  }

  // Inside a TLV: what follows it is still read.
  for (const Octets& lie : {tlv(2, hex("ffffffff")), tlv(2, hex("00000001 01 ff cc 0004")),
                            tlv(2, hex("00000001 01 01 cc 0010 c0000205")), tlv(4, hex("0001")),
                            tlv(0x0a, hex("01")), tlv(0x15, hex("2b86"))}) {
    Dissected cdp = dissect(Protocol::cdp, link_packet(), head + lie + name);
    CHECK(cdp.said.size() == 1);
    CHECK(cdp.one(Field::system_name) == "sw1");
    CHECK(cdp.malformed);
  }

  Dissected more =
      dissect(Protocol::cdp, link_packet(), head + tlv(2, hex("ffffffff 01 01 cc 0004 c0000205")));
  CHECK(more.one(Field::management_address) == "192.0.2.5");
  CHECK(more.malformed);
}

TEST_CASE("CDP cut anywhere") {
  every_prefix(Protocol::cdp, link_packet(), router);
  every_prefix(Protocol::cdp, link_packet(), telephone);
  CHECK(dissect(Protocol::cdp, link_packet(), hex("02 b4")).malformed);
}
