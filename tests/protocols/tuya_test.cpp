// SPDX-License-Identifier: Apache-2.0
// The enciphered announcement has the form of those in captures; the plain one is made up from
// public descriptions.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets frame(const Octets& body, uint8_t command = 0) {
  return hex("000055aa 00000000 000000") + Octets{command} +
         Octets{0, 0, static_cast<uint8_t>((body.size() + 8) >> 8),
                static_cast<uint8_t>(body.size() + 8)} +
         body + hex("12345678 0000aa55");
}

const Octets plain =
    frame(hex("00000000") +
          text(R"({"ip":"192.0.2.1","gwId":"08675530ab12","active":2,"ability":0,"encrypt":true,)"
               R"("productKey":"XeHRSMv2sBxnxfyr","version":"3.1"})"));

Dissected tuya(const Octets& octets, const Packet& packet = ip_packet(49154, 6666)) {
  return dissect(Protocol::tuya, packet, octets);
}

}  // namespace

TEST_CASE("Tuya announcement in clear") {
  Dissected said = tuya(plain);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "announcement");
  CHECK(said.one(Field::device_id) == "08675530ab12");
  CHECK(said.one(Field::product_key) == "XeHRSMv2sBxnxfyr");
  CHECK(said.one(Field::binding) == "192.0.2.1");
  CHECK(said.said.size() == 4);
}

TEST_CASE("Tuya announcement that is enciphered, old and new") {
  Dissected said = tuya(frame(hex("00000000 97b93fee4b69c95feeb3d33bda352952"), 0x13));
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "announcement");
  CHECK(said.said.size() == 1);
  said = tuya(
      hex("00006699 0000 00000000 00000013 00000010 00112233445566778899aabbccddeeff 00009966"));
  CHECK(said.one(Field::message) == "announcement");
  CHECK(said.said.size() == 1);
}

TEST_CASE("Tuya: who asks, who answers") {
  CHECK(tuya(frame(Octets(16), 0x25)).one(Field::message) == "inquiry");
  Packet packet = ip_packet(6668, 50000);
  packet.ip_protocol = 6;
  CHECK(tuya(plain, packet).one(Field::message) == "answer");
  CHECK(tuya(plain, packet).said.size() == 1);
  packet = ip_packet(50000, 6668);
  packet.ip_protocol = 6;
  CHECK(tuya(plain, packet).one(Field::message) == "request");
}

TEST_CASE("Tuya lengths and faults; other traffic on its ports") {
  Octets longer = plain;
  longer[12] = 0xff;
  CHECK(tuya(longer).malformed);
  CHECK(tuya(longer).said.empty());
  longer = plain;
  longer[14] = 0;
  longer[15] = 7;
  CHECK(tuya(longer).malformed);
  Dissected said = tuya(frame(text(R"({"gwId":"1",]})")));
  CHECK(said.malformed);
  CHECK(said.one(Field::device_id) == "1");
  for (const Octets& other : {hex("00"), Octets(40), text("GET / HTTP/1.1\r\nHost: x\r\n\r\n")}) {
    CHECK(tuya(other).said.empty());
    CHECK_FALSE(tuya(other).malformed);
  }
}

TEST_CASE("Tuya cut anywhere") { every_prefix(Protocol::tuya, ip_packet(49154, 6666), plain); }
