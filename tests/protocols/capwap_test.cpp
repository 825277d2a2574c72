// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets number(size_t value) {
  return {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}

Octets element(uint16_t type, const Octets& value) {
  return number(type) + number(value.size()) + value;
}

Octets message(uint8_t type, const Octets& elements) {
  return hex("00 100200 0000 0000") + Octets{0, 0, 0, type, 7} + number(elements.size() + 3) +
         hex("00") + elements;
}

Dissected capwap(const Octets& message) {
  return dissect(Protocol::capwap, ip_packet(50000, 5246), message);
}

const Octets discovery = message(
    1, element(20, hex("00")) +
           element(38, hex("000007db") + element(0, text("AP4050DN")) +
                           element(1, text("21500829352SH5600001")) + element(2, hex("0001")) +
                           element(3, text("A01")) + element(4, hex("00e0fc000001"))) +
           element(39, hex("02 02 01 010002") + hex("000007db 0000 0002") + text("H1") +
                           hex("000007db 0001 0006") + text("V200R1") + hex("000007db 0002 0003") +
                           text("1.0")) +
           element(45, text("ap-lobby")) + element(28, text("lobby")) +
           element(4, text("not mine")) + element(37, hex("000007db 0001 ff")));

}  // namespace

TEST_CASE("CAPWAP discovery request: what the access point is") {
  Dissected said = capwap(discovery);
  CHECK_FALSE(said.malformed);
  CHECK(said.said.size() == 14);
  CHECK(said.one(Field::model) == "AP4050DN");
  CHECK(said.one(Field::serial) == "21500829352SH5600001");
  CHECK(said.one(Field::device_mac) == "00:e0:fc:00:00:01");
  CHECK(said.all(Field::hardware_revision) == std::vector<std::string>{"A01", "H1"});
  CHECK(said.one(Field::software_version) == "V200R1");
  CHECK(said.one(Field::firmware_revision) == "1.0");
  CHECK(said.one(Field::system_name) == "ap-lobby");
  CHECK(said.one(Field::system_location) == "lobby");
  CHECK(said.all(Field::vendor_enterprise) == std::vector<std::string>(5, "2011"));
  CHECK(to_string(said.said[0].ip) == "192.0.2.1");
}

TEST_CASE("CAPWAP discovery response: what the controller is") {
  Dissected said = capwap(message(
      2, element(1, Octets(12) + hex("000063a2 0004 0003") + text("WX3") +
                        hex("000063a2 0005 0002") + text("R5") + hex("000063a2 0009 0000")) +
             element(4, text("ac1")) + element(45, text("not mine")) +
             element(38, hex("000007db") + element(0, text("not mine")))));
  CHECK_FALSE(said.malformed);
  CHECK(said.said.size() == 6);
  CHECK(said.one(Field::hardware_revision) == "WX3");
  CHECK(said.one(Field::software_version) == "R5");
  CHECK(said.one(Field::system_name) == "ac1");
  CHECK(said.all(Field::vendor_enterprise) == std::vector<std::string>(3, "25506"));
}

TEST_CASE("CAPWAP: encrypted, in fragments, of other types: nothing, and not malformed") {
  for (auto [place, value] :
       {std::pair<size_t, uint8_t>{0, 0x01}, {0, 0x10}, {3, 0x80}, {11, 5}, {11, 0}, {8, 1}}) {
    Octets other = discovery;
    other[place] = value;
    CHECK(capwap(other).said.empty());
    CHECK_FALSE(capwap(other).malformed);
  }
  CHECK(capwap(message(1, element(38, hex("00000000")))).said.empty());
}

TEST_CASE("CAPWAP lengths that cannot be") {
  Octets header = discovery;
  header[1] = 0;  // a header of no size
  CHECK(capwap(header).malformed);
  header[1] = 0xf8;  // of 31 words
  CHECK(capwap(header).said.empty());
  Octets whole = discovery;
  whole[13] = 0xff;
  CHECK(capwap(whole).malformed);
  Octets none = message(1, {});
  none[14] = 2;
  CHECK(capwap(none).malformed);

  Dissected inner =
      capwap(message(1, element(38, hex("000007db 0000 ffff 41")) + element(45, text("ap"))));
  CHECK(inner.malformed);
  CHECK(inner.one(Field::vendor_enterprise) == "2011");
  CHECK(inner.one(Field::system_name) == "ap");
  CHECK(inner.said.size() == 2);
  CHECK(capwap(message(1, element(39, hex("0202ff 010002")))).malformed);
  CHECK(capwap(message(2, element(1, hex("00")))).malformed);
  CHECK(capwap(message(1, element(37, hex("0007")))).malformed);

  Octets many;
  for (int i = 0; i < 2000; ++i) many = many + element(45, text("a"));
  CHECK(capwap(message(1, many)).said.size() == 128);
}

TEST_CASE("CAPWAP cut anywhere") {
  every_prefix(Protocol::capwap, ip_packet(50000, 5246), discovery);
}
