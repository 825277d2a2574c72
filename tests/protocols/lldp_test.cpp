// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

Octets tlv(unsigned type, const Octets& value) {
  unsigned head = type << 9 | static_cast<unsigned>(value.size());
  return Octets{static_cast<uint8_t>(head >> 8), static_cast<uint8_t>(head)} + value;
}

const Octets chassis = tlv(1, hex("04 00e0fc123456"));
const Octets port = tlv(2, hex("05") + text("GigabitEthernet0/0/1"));
const Octets lifetime = tlv(3, hex("0078"));
const Octets start = chassis + port + lifetime;
const Octets end = hex("0000");

Dissected lldp(const Octets& message) { return dissect(Protocol::lldp, link_packet(), message); }

/// What a message says beyond chassis and port.
Dissected further(const Octets& tlvs) {
  Dissected said = lldp(start + tlvs + end);
  REQUIRE(said.said.size() >= 2);
  CHECK(said.said[0].field == Field::chassis_mac);
  CHECK(said.said[1].field == Field::port_id);
  said.said.erase(said.said.begin(), said.said.begin() + 2);
  return said;
}

/// The texts of that field when the message says nothing else and is well formed.
Texts only(Field field, const Octets& tlvs) {
  Dissected said = further(tlvs);
  CHECK_FALSE(said.malformed);
  CHECK(said.all(field).size() == said.said.size());
  return said.all(field);
}

bool is_silent(const Octets& tlvs) {
  Dissected said = further(tlvs);
  return said.said.empty() && !said.malformed;
}

bool is_silent_and_malformed(const Octets& tlvs) {
  Dissected said = further(tlvs);
  return said.said.empty() && said.malformed;
}

const Octets whole =
    start + tlv(4, text("uplink")) + tlv(5, text("core-1")) +
    tlv(6, text("Huawei Versatile Routing Platform Software\r\nVRP (R) software, Version 8.180")) +
    tlv(7, hex("0014 0014")) + tlv(8, hex("05 01 c0000201 02 00000007 00")) +
    tlv(127, hex("0080c2 01 000a")) + tlv(127, hex("0080c2 03 000a 06") + text("VLAN10")) +
    tlv(127, hex("00120f 01 03 6c01 0010")) + tlv(127, hex("0012bb 05") + text("hw1")) +
    tlv(127, hex("0012bb 0a") + text("Phone X")) + tlv(127, hex("00e0fc 01 ffff")) + end;

}  // namespace

TEST_CASE("LLDP of a switch") {
  Dissected said = lldp(whole);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::chassis_mac) == "00:e0:fc:12:34:56");
  CHECK(said.one(Field::port_id) == "GigabitEthernet0/0/1");
  CHECK(said.one(Field::port_description) == "uplink");
  CHECK(said.one(Field::system_name) == "core-1");
  CHECK(said.one(Field::system_description) ==
        "Huawei Versatile Routing Platform Software VRP (R) software, Version 8.180");
  CHECK(said.one(Field::capabilities) == "bridge router");
  CHECK(said.one(Field::management_address) == "192.0.2.1");
  CHECK(said.one(Field::native_vlan) == "10");
  CHECK(said.one(Field::vlan_name) == "VLAN10");
  CHECK(said.one(Field::hardware_revision) == "hw1");
  CHECK(said.one(Field::model) == "Phone X");
  CHECK(said.one(Field::organization_oui) == "00e0fc");
  CHECK(said.said.size() == 12);
  for (const Said& one : said.said) {
    CHECK(to_string(one.mac) == "00:00:5e:00:53:01");
    CHECK(one.mac_is_own);
  }
}

TEST_CASE("LLDP chassis id by subtype") {
  auto said_of = [](const Octets& value) { return lldp(tlv(1, value) + port + lifetime + end); };
  CHECK(said_of(hex("04 00e0fc123456")).one(Field::chassis_mac) == "00:e0:fc:12:34:56");
  CHECK(said_of(hex("07") + text("SN 0001")).one(Field::chassis_id) == "SN 0001");
  CHECK(said_of(hex("01") + text("rack 1")).one(Field::chassis_id) == "rack 1");
  CHECK(said_of(hex("05 01 c0000201")).one(Field::chassis_id) == "192.0.2.1");
  CHECK(said_of(hex("05 02 20010db8000000000000000000000001")).one(Field::chassis_id) ==
        "2001:db8::1");
  CHECK(said_of(hex("07 0102ff")).one(Field::chassis_id) == "0102ff");
  CHECK(said_of(hex("04 00e0fc1234")).one(Field::chassis_id) == "00e0fc1234");  // no whole MAC

  for (std::string_view silent :
       {"04 000000000000", "04 0180c2000000", "05 01 00000000", "05 01 c00002", "05 02 c0000201",
        "05 06 00e0fc123456", "05 01"}) {
    INFO(silent);
    CHECK(said_of(hex(silent)).said.size() == 1);
    CHECK_FALSE(said_of(hex(silent)).malformed);
  }
  CHECK(said_of(hex("04")).malformed);
  CHECK(said_of(Octets{}).malformed);
}

TEST_CASE("LLDP port id by subtype") {
  auto said_of = [](const Octets& value) { return lldp(chassis + tlv(2, value) + lifetime + end); };
  CHECK(said_of(hex("05") + text("ge-0/0/1")).one(Field::port_id) == "ge-0/0/1");
  CHECK(said_of(hex("03 00e0fc123457")).one(Field::port_id) == "00:e0:fc:12:34:57");
  CHECK(said_of(hex("04 01 c0000202")).one(Field::port_id) == "192.0.2.2");
  CHECK(said_of(hex("07 00000003")).one(Field::port_id) == "00000003");
  CHECK(said_of(hex("07") + text("17")).one(Field::port_id) == "17");
  CHECK(said_of(hex("05")).malformed);
  CHECK(said_of(hex("05")).said.size() == 1);
}

TEST_CASE("LLDP begins with chassis, port and lifetime or is malformed") {
  Octets name = tlv(5, text("core-1"));
  for (const Octets& message :
       {name + start, chassis + name + port + lifetime, chassis + end, chassis + port + name,
        chassis + lifetime + port, end, port + chassis + lifetime, text("0000000000000000")}) {
    Dissected said = lldp(message);
    CHECK(said.malformed);
    CHECK(said.one(Field::system_name).empty());
  }
}

TEST_CASE("LLDP shutdown: only the three that must be there") {
  Dissected said = lldp(chassis + port + tlv(3, hex("0000")) + end);
  CHECK(said.said.size() == 2);
  CHECK_FALSE(said.malformed);
}

TEST_CASE("LLDP ends at its end, or at the frame's") {
  CHECK(lldp(start + end + tlv(5, text("core-1"))).said.size() == 2);
  CHECK(lldp(start + end + Octets(40, 0xff)).said.size() == 2);
  CHECK_FALSE(lldp(start + end + Octets(40, 0xff)).malformed);
  CHECK_FALSE(lldp(start).malformed);
}

TEST_CASE("LLDP capabilities are those enabled") {
  auto said_of = [](std::string_view value) {
    return only(Field::capabilities, tlv(7, hex(value)));
  };
  CHECK(said_of("0014 0004") == Texts{"bridge"});
  CHECK(said_of("0000 0028") == Texts{"access-point telephone"});
  CHECK(said_of("ffff ffff") == Texts{"other repeater bridge access-point router telephone docsis "
                                      "station c-vlan s-vlan two-port-relay"});
  CHECK(said_of("0014 0000").empty());
  CHECK(is_silent_and_malformed(tlv(7, hex("0014 00"))));
}

TEST_CASE("LLDP management addresses") {
  auto said_of = [](std::string_view value) {
    return only(Field::management_address, tlv(8, hex(value)));
  };
  CHECK(said_of("05 01 c0000201 02 00000007 00") == Texts{"192.0.2.1"});
  CHECK(said_of("11 02 20010db8000000000000000000000001 03 00000001 02 2b06") ==
        Texts{"2001:db8::1"});
  CHECK(said_of("05 01 c0000201") == Texts{"192.0.2.1"});
  CHECK(said_of("07 06 00e0fc123456 02 00000007 00").empty());
  CHECK(said_of("05 01 00000000 02 00000007 00").empty());
  CHECK(said_of("05 01 7f000001 02 00000007 00").empty());
  CHECK(said_of("00").empty());
  CHECK(is_silent_and_malformed(tlv(8, hex("ff 01 c0000201"))));
  CHECK(is_silent_and_malformed(tlv(8, Octets{})));
  CHECK(only(Field::management_address,
             tlv(8, hex("05 01 c0000201")) + tlv(8, hex("05 01 c0000202"))) ==
        Texts{"192.0.2.1", "192.0.2.2"});
}

TEST_CASE("LLDP of IEEE 802.1: VLANs and protocol identity") {
  CHECK(only(Field::native_vlan, tlv(127, hex("0080c2 01 0ffe"))) == Texts{"4094"});
  CHECK(is_silent(tlv(127, hex("0080c2 01 0000"))));
  CHECK(is_silent_and_malformed(tlv(127, hex("0080c2 01 00"))));
  CHECK(is_silent(tlv(127, hex("0080c2 02 01 0001"))));
  CHECK(only(Field::vlan_name, tlv(127, hex("0080c2 03 000a 03") + text("one")) +
                                   tlv(127, hex("0080c2 03 000b 03") + text("two"))) ==
        Texts{"one", "two"});
  CHECK(is_silent(tlv(127, hex("0080c2 03 000a 00"))));
  CHECK(is_silent_and_malformed(tlv(127, hex("0080c2 03 000a 20") + text("short"))));
  CHECK(is_silent(tlv(127, hex("0080c2 04 08 0026424203000000"))));
  CHECK(is_silent_and_malformed(tlv(127, hex("0080c2 04 09 0026424203000000"))));
  CHECK(is_silent_and_malformed(tlv(127, hex("0080c2 04"))));
  CHECK(is_silent(tlv(127, hex("0080c2 09 00"))));
}

TEST_CASE("LLDP of IEEE 802.3 and of everybody names no organisation") {
  CHECK(is_silent(tlv(127, hex("00120f 01 03 6c01 0010"))));
  CHECK(is_silent(tlv(127, hex("00120f 02 07 01 03"))));
  CHECK(is_silent(tlv(127, hex("00120f 03 01 00000000"))));
  CHECK(is_silent(tlv(127, hex("00120f 04 05ee"))));
  CHECK(is_silent(tlv(127, hex("00120f 01"))));
  CHECK(is_silent(tlv(127, hex("00005e 01") + text("https://example.com/mud.json"))));
  CHECK(is_silent(tlv(127, hex("001b21 02 00"))));
}

TEST_CASE("LLDP of other organisations says which") {
  CHECK(only(Field::organization_oui, tlv(127, hex("000fe2 01"))) == Texts{"000fe2"});
  CHECK(is_silent_and_malformed(tlv(127, hex("000fe2"))));
  CHECK(is_silent_and_malformed(tlv(127, Octets{})));
}

TEST_CASE("LLDP-MED inventory") {
  auto med = [](std::string_view subtype, std::string_view value) {
    return tlv(127, hex("0012bb") + hex(subtype) + text(value));
  };
  Dissected said = further(med("05", "hw") + med("06", "fw") + med("07", "sw") + med("08", "sn") +
                           med("09", "Maker") + med("0a", "Model") + med("0b", "asset"));
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::hardware_revision) == "hw");
  CHECK(said.one(Field::firmware_revision) == "fw");
  CHECK(said.one(Field::software_revision) == "sw");
  CHECK(said.one(Field::serial) == "sn");
  CHECK(said.one(Field::manufacturer) == "Maker");
  CHECK(said.one(Field::model) == "Model");
  CHECK(said.one(Field::asset_id) == "asset");
  CHECK(said.said.size() == 7);

  CHECK(is_silent(tlv(127, hex("0012bb 01 003f 03"))));         // capabilities
  CHECK(is_silent(tlv(127, hex("0012bb 02 01 400000"))));       // network policy
  CHECK(is_silent(tlv(127, hex("0012bb 03 02") + text("x"))));  // location
  CHECK(is_silent(tlv(127, hex("0012bb 04 51 0064"))));         // power
  CHECK(is_silent(med("05", "")));
  CHECK(is_silent(med("0c", "more")));
}

TEST_CASE("LLDP texts that are no text are cleaned") {
  CHECK(only(Field::system_name, tlv(5, hex("00 61 00 1b 5b 0a ff 00"))) ==
        Texts{"a [ \xef\xbf\xbd"});
  CHECK(is_silent(tlv(5, Octets(4))));
  CHECK(is_silent(tlv(4, Octets{})));
  CHECK(only(Field::system_description, tlv(6, Octets(511, 'x')))[0].size() == 511);
}

TEST_CASE("LLDP facts before a fault stay") {
  Dissected said = lldp(start + tlv(5, text("core-1")) + hex("0cff") + text("cut"));
  CHECK(said.malformed);
  CHECK(said.one(Field::system_name) == "core-1");
  CHECK(said.said.size() == 3);

  said = further(tlv(7, hex("00")) + tlv(5, text("core-1")));  // one bad TLV spoils no other
  CHECK(said.malformed);
  CHECK(said.one(Field::system_name) == "core-1");
}

TEST_CASE("LLDP of reserved types and of empty TLVs without end") {
  CHECK(is_silent(tlv(9, text("x")) + tlv(126, text("y"))));
  Octets empty = start;
  for (int i = 0; i < 700; ++i) empty = empty + hex("1200");
  CHECK(lldp(empty).said.size() == 2);
}

TEST_CASE("LLDP cut anywhere") { every_prefix(Protocol::lldp, link_packet(), whole); }
