// SPDX-License-Identifier: Apache-2.0
// Messages of cisagov/icsnpp-bacnet and of Malcolm's test artefacts, and what they do not show made
// from the format.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets i_am =
    hex("810b00180120ffff00ff 1000 c40200006f 210f 9103 2203de");  // Huawei's number
const Octets several = hex(
    "810a0073012002bf06ac1007c9bac0ff30260e0c02014ff01e294d4e751b00506f6c6172536f6674204672656552"
    "616e676520526f757465724f291c4e71004f29a84e750800342d4652522d314f292c4e750500332e33304f29464e"
    "75130039323630204c696e7578ae205365727665724f1f");
const Octets routed_vendor = hex(
    "810a003001080003011d30930c0c0200001d19793e7518004c6974686f6e6961204c69676874696e672c20496e63"
    "2e3f");

Octets linked(const Octets& network, uint8_t function = 0x0a) {
  size_t size = network.size() + 4;
  return Octets{0x81, function, 0, static_cast<uint8_t>(size)} + network;
}
/// The answer to a question for one property of the device object.
Octets property(uint8_t number, const Octets& value, const char* object = "02000001") {
  return linked(hex("0100 30010c 0c") + hex(object) + Octets{0x19, number, 0x3e} + value +
                hex("3f"));
}
Dissected bacnet(const Octets& message) {
  return dissect(Protocol::bacnet, ip_packet(47808, 47808), message);
}

}  // namespace

TEST_CASE("BACnet: I-Am tells the device's number and its maker's") {
  Dissected said = bacnet(i_am);
  CHECK(said.one(Field::device_id) == "111");
  CHECK(said.one(Field::vendor_number) == "990");
  REQUIRE(said.said.size() == 2);
  CHECK_FALSE(said.malformed);
  CHECK(said.said[0].ip == *IpAddress::parse("192.0.2.1"));
}

TEST_CASE("BACnet: of a station behind a router only its maker and model are told") {
  Dissected said = bacnet(routed_vendor);
  CHECK(said.one(Field::station_vendor) == "Lithonia Lighting, Inc.");
  CHECK(said.said.size() == 1);
  Dissected number = bacnet(linked(hex("0108 0003 01 1d 1000 c40200006f 210f 9103 22055e")));
  CHECK(number.one(Field::station_vendor) == "1374");
  CHECK(number.said.size() == 1);
  Dissected name = bacnet(linked(hex("0108 0003 01 1d 30010c 0c02000001 194d 3e 7300 4142 3f")));
  CHECK(name.said.empty());
}

TEST_CASE("BACnet: an answer for several properties") {
  Dissected said = bacnet(several);
  CHECK(said.one(Field::system_name) == "PolarSoft FreeRange Router");
  CHECK(said.one(Field::firmware_revision) == "3.30");
  CHECK(said.one(Field::model) == "9260 Linux\xef\xbf\xbd Server");  // Latin-1 that says UTF-8
  CHECK(said.said.size() == 3);
  CHECK_FALSE(said.malformed);
}

TEST_CASE("BACnet: properties one by one") {
  CHECK(bacnet(property(121, hex("75 07 00") + text("HUAWEI"))).one(Field::vendor) == "HUAWEI");
  CHECK(bacnet(property(12, hex("74 00") + text("1.0"))).one(Field::software_version) == "1.0");
  CHECK(bacnet(property(58, hex("73 00") + text("B1"))).one(Field::system_location) == "B1");
  CHECK(bacnet(property(70, hex("75 05 04") + hex("0041 0042"))).one(Field::model) == "AB");
  CHECK(bacnet(property(120, hex("22 0596"))).one(Field::vendor_number) == "1430");
  // Of an analogue input, with an array index, and an enumeration where a text should be.
  CHECK(bacnet(property(121, hex("73 00") + text("AB"), "00000001")).said.empty());
  CHECK(bacnet(linked(hex("0100 30010c 0c02000001 1979 2901 3e 7300 4142 3f"))).said.empty());
  CHECK(bacnet(property(121, hex("9103"))).said.empty());
}

TEST_CASE("BACnet: a forwarded message is its first sender's") {
  Dissected said =
      bacnet(linked(hex("c0000263bac0 0120ffff00ff 1000 c40200006f 210f 9103 210f"), 4));
  REQUIRE(said.said.size() == 2);
  CHECK(said.said[0].ip == *IpAddress::parse("192.0.2.99"));
  CHECK_FALSE(said.said[0].mac);
}

TEST_CASE("BACnet: over 802.3 there is no link header") {
  Octets network(i_am.begin() + 4, i_am.end());
  Dissected said = dissect(Protocol::bacnet, link_packet(), network);
  CHECK(said.one(Field::vendor_number) == "990");
  every_prefix(Protocol::bacnet, link_packet(), network);
}

TEST_CASE("BACnet: questions, errors and what is none say nothing") {
  CHECK(bacnet(linked(hex("0104 0275010c 0c02000001 1979"))).said.empty());
  CHECK(bacnet(linked(hex("0100 50010c 9101 9120"))).said.empty());
  CHECK(bacnet(linked(hex("0180 00 0001"))).said.empty());  // the network layer's own
  Dissected other = bacnet(text("\x81\x0a something else"));
  CHECK(other.said.empty());
  CHECK_FALSE(other.malformed);
  Dissected error =
      bacnet(linked(hex("0100 30010e 0c02000001 1e 2979 5e 9102 9120 5f 2946 4e 7300 4142 4f 1f")));
  CHECK(error.one(Field::model) == "AB");
  CHECK(error.said.size() == 1);
}

TEST_CASE("BACnet: tags that lie are malformed, and end") {
  CHECK(bacnet(property(121, hex("75 fe ffff 00 41"))).malformed);
  CHECK(bacnet(property(121, hex("75 ff ffffffff 00 41"))).malformed);
  CHECK(bacnet(linked(hex("0100 1000 c40300006f 210f 9103 210f"))).malformed);
  Octets deep = hex("0100 30010c 0c02000001 1979 3e");
  for (int i = 0; i < 200; ++i) deep = deep + hex("0e");
  CHECK(bacnet(linked(deep)).malformed);
  CHECK(bacnet(linked(deep)).said.empty());
}

TEST_CASE("BACnet: every prefix") {
  for (const Octets& message :
       {i_am, several, routed_vendor, property(121, hex("75 07 00") + text("HUAWEI"))}) {
    every_prefix(Protocol::bacnet, ip_packet(47808, 47808), message);
    Packet cut = ip_packet(47808, 47808);
    cut.cut = true;
    every_prefix(Protocol::bacnet, cut, message);
  }
}
