// SPDX-License-Identifier: Apache-2.0
// The identification as it is in captures.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets answer = hex("0017 0000 003d 01 2b 0e 01 83 00 00 03 00 10") +
                      text("Zeek Modbus Test") + hex("01 18") + text("Protocol Parsing is fun!") +
                      hex("02 07") + text("1.2.3.6");

Dissected modbus(const Octets& octets, const Packet& packet = ip_packet(502, 50000)) {
  return dissect(Protocol::modbus, packet, octets);
}
Octets with(Octets octets, size_t place, uint8_t value) {
  octets[place] = value;
  return octets;
}

}  // namespace

TEST_CASE("Modbus device identification") {
  Dissected said = modbus(answer);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::vendor) == "Zeek Modbus Test");
  CHECK(said.one(Field::product_code) == "Protocol Parsing is fun!");
  CHECK(said.one(Field::firmware_revision) == "1.2.3.6");
  CHECK(said.said.size() == 3);
  said = modbus(hex("0001 0000 0014 01 2b 0e 03 83 00 00 04 03 01 61 04 01 62 05 01 63 80 01 64"),
                ip_packet(6607, 50000));
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::vendor_url) == "a");
  CHECK(said.one(Field::platform) == "b");
  CHECK(said.one(Field::model) == "c");
  CHECK(said.said.size() == 3);
}

TEST_CASE("Modbus: several messages in one segment; other functions") {
  CHECK(modbus(hex("0001 0000 0005 01 03 02 0001") + answer).said.size() == 3);
  CHECK(modbus(with(answer, 7, 3)).said.empty());
  CHECK(modbus(with(answer, 8, 13)).said.empty());
  CHECK(modbus(answer, ip_packet(50000, 502)).said.empty());
}

TEST_CASE("Modbus hostile lengths") {
  CHECK(modbus(with(answer, 13, 9)).malformed);
  CHECK(modbus(with(answer, 13, 9)).said.size() == 3);
  CHECK(modbus(with(answer, 15, 0xff)).malformed);
  CHECK(modbus(with(answer, 15, 0xff)).said.empty());
  CHECK_FALSE(modbus(with(answer, 4, 0xff)).malformed);
  CHECK(modbus(with(answer, 2, 1)).said.empty());
}

TEST_CASE("Modbus cut anywhere") { every_prefix(Protocol::modbus, ip_packet(502, 50000), answer); }
