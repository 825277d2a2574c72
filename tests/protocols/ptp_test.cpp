// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets source = hex("00e0fc fffe 100001 0001");

Octets head(const char* message, const Octets& identity) {
  return hex(message) + hex("02 0040 00 00 0208 0000000000000000 00000000") + identity +
         hex("0001 05 01");
}

const Octets announce = head("0b", source) + hex("00000000000000000000 0025 00 80 f8fe4321 80") +
                        hex("000c29fffe100002 0000 a0");

const Octets description = hex("0002 04") + text("IEEE") +
                           hex("0006 00e0fc100001 0001 0004 c0000205 00e0fc 00") + hex("10") +
                           text("Acme;Clock 9;S12") + hex("0e") + text("A1;2.0;3.4.5-b") +
                           hex("00") + hex("001b19000100");

Octets management(const char* action, const Octets& data) {
  Octets tlv = hex("0001") + data;
  Octets size{static_cast<uint8_t>(tlv.size() >> 8), static_cast<uint8_t>(tlv.size())};
  return head("0d", source) + hex("ffffffffffffffffffff 00 00") + hex(action) + hex("00 0001") +
         size + tlv;
}

}  // namespace

TEST_CASE("PTP announce over UDP") {
  Dissected ptp = dissect(Protocol::ptp, ip_packet(320, 320), announce);
  CHECK(ptp.said.size() == 2);
  CHECK(ptp.one(Field::clock_mac) == "00:e0:fc:10:00:01");
  CHECK(ptp.one(Field::grandmaster_id) == "000c29fffe100002");
  CHECK_FALSE(ptp.malformed);
}

TEST_CASE("PTP messages that hold a clock identity only") {
  Dissected sync = dissect(Protocol::ptp, link_packet(), head("10", source) + Octets(10));
  CHECK(sync.said.size() == 1);
  CHECK(sync.one(Field::clock_mac) == "00:e0:fc:10:00:01");

  Dissected filled = dissect(Protocol::ptp, link_packet(),
                             head("00", hex("00e0fc ffff 100001 0001")) + Octets(10));
  CHECK(filled.one(Field::clock_mac) == "00:e0:fc:10:00:01");

  // No EUI-64 that was made from a MAC.
  Dissected other = dissect(Protocol::ptp, link_packet(),
                            head("00", hex("00e0fc 1234 100001 0001")) + Octets(10));
  CHECK(other.said.empty());
  CHECK_FALSE(other.malformed);

  Dissected newer = dissect(Protocol::ptp, link_packet(), hex("00 03 0000"));
  CHECK(newer.said.empty());
}

TEST_CASE("PTP version 1") {
  Octets message = hex("0001 0001") + text("_DFLT") + Octets(11) + hex("01 01 00e0fc100001 0001");
  Dissected ptp = dissect(Protocol::ptp, ip_packet(319, 319), message);
  CHECK(ptp.said.size() == 1);
  CHECK(ptp.one(Field::clock_mac) == "00:e0:fc:10:00:01");
  every_prefix(Protocol::ptp, ip_packet(319, 319), message);
}

TEST_CASE("PTP clock description") {
  Dissected ptp = dissect(Protocol::ptp, link_packet(), management("02", description));
  CHECK(ptp.said.size() == 9);
  CHECK(ptp.one(Field::clock_mac) == "00:e0:fc:10:00:01");
  CHECK(ptp.one(Field::management_address) == "192.0.2.5");
  CHECK(ptp.one(Field::organization_oui) == "00e0fc");
  CHECK(ptp.one(Field::manufacturer) == "Acme");
  CHECK(ptp.one(Field::model) == "Clock 9");
  CHECK(ptp.one(Field::serial) == "S12");
  CHECK(ptp.one(Field::hardware_revision) == "A1");
  CHECK(ptp.one(Field::firmware_revision) == "2.0");
  CHECK(ptp.one(Field::software_revision) == "3.4.5-b");
  CHECK_FALSE(ptp.malformed);

  // Who asks describes nobody.
  CHECK(dissect(Protocol::ptp, link_packet(), management("00", description)).said.size() == 1);

  Dissected lie = dissect(Protocol::ptp, link_packet(), management("02", hex("0002 ff 41")));
  CHECK(lie.said.size() == 1);
  CHECK(lie.malformed);
}

TEST_CASE("PTP cut anywhere") {
  every_prefix(Protocol::ptp, link_packet(), announce);
  every_prefix(Protocol::ptp, link_packet(), management("02", description));
  CHECK(dissect(Protocol::ptp, link_packet(), hex("0b")).malformed);
}
