// SPDX-License-Identifier: Apache-2.0
// The answer of a bridge as it is in captures, with another address and serial number.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets answer = hex(
    "6300 3300 00000000 00000000 00000000c1debed1 00000000 0100 0c00 2d00 0100 0002 af12 c0000201"
    "0000000000000000 0100 0c00 3a00 0403 3000 12345678 0b 313735362d454e42542f41 03");

Dissected enip(const Octets& octets) {
  return dissect(Protocol::enip, ip_packet(44818, 50000), octets);
}
Octets with(Octets octets, size_t place, uint8_t value) {
  octets[place] = value;
  return octets;
}

}  // namespace

TEST_CASE("EtherNet/IP identity") {
  Dissected said = enip(answer);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::binding) == "192.0.2.1");
  CHECK(said.one(Field::vendor_number) == "1");
  CHECK(said.one(Field::device_type) == "12");
  CHECK(said.one(Field::product_code) == "58");
  CHECK(said.one(Field::firmware_revision) == "4.3");
  CHECK(said.one(Field::serial) == "78563412");
  CHECK(said.one(Field::model) == "1756-ENBT/A");
  CHECK(said.said.size() == 7);
  CHECK(enip(with(answer, 36, 10)).one(Field::binding).empty());
}

TEST_CASE("EtherNet/IP question and other commands say nothing") {
  CHECK(enip(hex("6300 0000") + Octets(22)).said.empty());
  CHECK(enip(with(answer, 0, 0x65)).said.empty());
  CHECK(enip(with(answer, 26, 0x0d)).said.empty());
}

TEST_CASE("EtherNet/IP hostile lengths") {
  CHECK(enip(with(answer, 2, 0xff)).malformed);
  CHECK(enip(with(answer, 24, 0xff)).malformed);
  CHECK(enip(with(answer, 24, 0xff)).said.size() == 7);
  CHECK(enip(with(answer, 28, 0xff)).malformed);
  CHECK(enip(with(answer, 28, 8)).said.empty());
  Dissected said = enip(with(answer, 62, 0xff));
  CHECK(said.malformed);
  CHECK(said.said.size() == 6);
}

TEST_CASE("EtherNet/IP cut anywhere") {
  every_prefix(Protocol::enip, ip_packet(44818, 50000), answer);
}
