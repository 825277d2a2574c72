// SPDX-License-Identifier: Apache-2.0
// Frames made from ETG.1000 and ETG.2010: no capture at hand shows a master that reads identities.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets le16(size_t value) {
  return {static_cast<uint8_t>(value), static_cast<uint8_t>(value >> 8)};
}
Octets datagram(uint8_t command, size_t place, const Octets& data, bool more, uint8_t answered) {
  return Octets{command, 0} + le16(0x03e9) + le16(place) + le16(data.size() | (more ? 0x8000 : 0)) +
         le16(0) + data + le16(answered);
}
Octets frame(const Octets& datagrams) { return le16(datagrams.size() | 0x1000) + datagrams; }
Dissected ethercat(const Octets& octets) {
  return dissect(Protocol::ethercat, link_packet(), octets);
}

/// Beckhoff's number and that of its EK1100 at word 8 of the information interface.
const Octets vendor = hex("4000 08000000 02000000 522c4c04");
const Octets identity = hex("0a00 0000 00 13 0030 43 1810 01 02000000");

}  // namespace

TEST_CASE("EtherCAT: vendor and product from the slave's information interface") {
  Dissected said = ethercat(frame(datagram(4, 0x502, vendor, false, 1)));
  CHECK(said.one(Field::station_vendor) == "00000002");
  CHECK(said.one(Field::station_product) == "044c2c52");
  CHECK(said.said.size() == 2);
  CHECK_FALSE(said.malformed);
  Octets product = hex("4000 0a000000 522c4c04");
  CHECK(ethercat(frame(datagram(1, 0x502, product, false, 1))).one(Field::station_product) ==
        "044c2c52");
}

TEST_CASE("EtherCAT: the identity object in a mailbox") {
  Octets more = hex("0a00 0000 00 23 0030 43 1810 02 522c4c04");
  Dissected said =
      ethercat(frame(datagram(4, 0x1080, identity, true, 1) + datagram(4, 0x1080, more, false, 1)));
  CHECK(said.one(Field::station_vendor) == "00000002");
  CHECK(said.one(Field::station_product) == "044c2c52");
}

TEST_CASE("EtherCAT: what nobody answered, what is written, and process data say nothing") {
  CHECK(ethercat(frame(datagram(4, 0x502, vendor, false, 0))).said.empty());
  CHECK(ethercat(frame(datagram(5, 0x502, vendor, false, 1))).said.empty());
  Octets busy = vendor;
  busy[1] = 0x80;
  CHECK(ethercat(frame(datagram(4, 0x502, busy, false, 1))).said.empty());
  CHECK(ethercat(frame(datagram(12, 0, Octets(40, 0x11), false, 3))).said.empty());
  Octets other = identity;
  other[11] = 0x17;  // another object
  CHECK(ethercat(frame(datagram(4, 0x1080, other, false, 1))).said.empty());
  CHECK(ethercat(le16(0x4010) + Octets(16)).said.empty());  // network variables
}

TEST_CASE("EtherCAT: lengths that lie are malformed") {
  Octets octets = frame(datagram(4, 0x502, vendor, true, 1));  // more, and there is none
  CHECK(ethercat(octets).malformed);
  octets = frame(datagram(4, 0x502, vendor, false, 1));
  octets[8] = 0xff;
  CHECK(ethercat(octets).malformed);
  CHECK(ethercat(octets).said.empty());
}

TEST_CASE("EtherCAT: every prefix") {
  every_prefix(
      Protocol::ethercat, link_packet(),
      frame(datagram(4, 0x502, vendor, true, 1) + datagram(4, 0x1080, identity, false, 1)));
}
