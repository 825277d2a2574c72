// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets tlv(uint8_t type, const Octets& value) {
  return Octets{type, 0, static_cast<uint8_t>(value.size())} + value;
}

Octets message(const char* head, const Octets& list) {
  return hex(head) + Octets{0, static_cast<uint8_t>(list.size())} + list;
}

const Octets answer =
    message("01 00", tlv(2, hex("0418d6100001 c0000205")) + tlv(1, hex("0418d6100001")) +
                         tlv(10, hex("00000100")) + tlv(11, text("ap-1")) + tlv(12, text("N2N")) +
                         tlv(13, text("office")) + tlv(3, text("XM.ar7240.v5.5.6.17762")) +
                         tlv(14, hex("02")) + tlv(20, text("NanoStation M2")));

}  // namespace

TEST_CASE("Ubiquiti discovery answer") {
  Dissected ubiquiti = dissect(Protocol::ubiquiti, ip_packet(10001, 40000), answer);
  CHECK(ubiquiti.said.size() == 8);
  CHECK(ubiquiti.all(Field::device_mac) ==
        std::vector<std::string>{"04:18:d6:10:00:01", "04:18:d6:10:00:01"});
  CHECK(ubiquiti.one(Field::management_address) == "192.0.2.5");
  CHECK(ubiquiti.one(Field::system_name) == "ap-1");
  CHECK(ubiquiti.one(Field::platform) == "N2N");
  CHECK(ubiquiti.one(Field::ssid) == "office");
  CHECK(ubiquiti.one(Field::software_version) == "XM.ar7240.v5.5.6.17762");
  CHECK(ubiquiti.one(Field::model) == "NanoStation M2");
  CHECK_FALSE(ubiquiti.malformed);
  CHECK(ubiquiti.said.back().field ==
        Field::platform);  // behind the model, which is the better name
}

TEST_CASE("Ubiquiti discovery version 2") {
  Dissected ubiquiti =
      dissect(Protocol::ubiquiti, ip_packet(10001, 10001),
              message("02 06", tlv(4, hex("c0000205")) + tlv(22, text("3.9.3.7537")) +
                                   tlv(21, text("US24")) + tlv(19, hex("0418d6100001"))));
  CHECK(ubiquiti.said.size() == 4);
  CHECK(ubiquiti.one(Field::management_address) == "192.0.2.5");
  CHECK(ubiquiti.one(Field::software_version) == "3.9.3.7537");
  CHECK(ubiquiti.one(Field::model) == "US24");
  CHECK(ubiquiti.one(Field::device_mac) == "04:18:d6:10:00:01");
}

TEST_CASE("Ubiquiti discovery's port spoken by others, questions and lies") {
  for (const char* message : {"01 00 0000", "474554202f", "05 01 0003 000000"}) {
    Dissected ubiquiti = dissect(Protocol::ubiquiti, ip_packet(40000, 10001), hex(message));
    CHECK(ubiquiti.said.empty());
    CHECK_FALSE(ubiquiti.malformed);
  }
  for (const char* message : {"01 00 00ff 0b0001 41", "01 00 0004 0b00ff 41"}) {
    Dissected ubiquiti = dissect(Protocol::ubiquiti, ip_packet(40000, 10001), hex(message));
    CHECK(ubiquiti.said.empty());
    CHECK(ubiquiti.malformed);
  }
}

TEST_CASE("Ubiquiti discovery cut anywhere") {
  every_prefix(Protocol::ubiquiti, ip_packet(10001, 40000), answer);
}
