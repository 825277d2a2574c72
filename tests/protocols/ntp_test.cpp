// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected ntp(const Octets& datagram) {
  return dissect(Protocol::ntp, ip_packet(123, 50000), datagram);
}
void check_silent(const Dissected& result) {
  CHECK(result.said.empty());
  CHECK_FALSE(result.malformed);
}
/// An answer to "read variables".
Octets answer(std::string_view list, uint8_t operation = 0x82, size_t offset = 0) {
  return Octets{0x16, operation} + hex("0001 0615 0000") +
         Octets{static_cast<uint8_t>(offset >> 8), static_cast<uint8_t>(offset),
                static_cast<uint8_t>(list.size() >> 8), static_cast<uint8_t>(list.size())} +
         text(list);
}
Octets time_of(uint8_t head, uint8_t stratum, std::string_view clock) {
  return Octets{head, stratum, 6, 0xec} + Octets(8) + text(clock) + Octets(4 - clock.size()) +
         Octets(32);
}
constexpr std::string_view reference =
    "version=\"ntpd 4.2.6p5@1.2349-o Fri Jul 6, 2018 (1)\",\r\nprocessor=\"mips\", "
    "system=\"Linux/2.6.36\", leap=0, stratum=3,\r\nrootdelay=1.2";

}  // namespace

TEST_CASE("NTP: the variables that a server tells") {
  Dissected result = ntp(answer(reference));
  CHECK(result.said.size() == 3);
  CHECK(result.one(Field::banner) == "ntpd 4.2.6p5@1.2349-o Fri Jul 6, 2018 (1)");
  CHECK(result.one(Field::processor) == "mips");
  CHECK(result.one(Field::os_version) == "Linux/2.6.36");
  CHECK_FALSE(result.malformed);
  CHECK(ntp(answer("system=UNIX,processor=unknown")).one(Field::os_version) == "UNIX");
  // The rest is in another datagram: what may be cut is not told.
  Dissected more = ntp(answer("processor=\"mips\", system=\"Linux", 0xa2));
  CHECK(more.said.size() == 1);
  CHECK(more.one(Field::processor) == "mips");
}

TEST_CASE("NTP: the clock of a server of the first stratum") {
  CHECK(ntp(time_of(0x24, 1, "GPS")).one(Field::reference_clock) == "GPS");
  CHECK(ntp(time_of(0x25, 1, "PTP0")).one(Field::reference_clock) == "PTP0");
  check_silent(ntp(time_of(0x24, 2, "\x0a\x01\x02\x03")));
  check_silent(ntp(time_of(0x24, 1, "\x0a\x01\x02\x03")));
  check_silent(ntp(time_of(0x24, 1, "")));
  check_silent(ntp(time_of(0x23, 1, "GPS")));  // a client
}

TEST_CASE("NTP: what tells nothing, or is not what it claims") {
  check_silent(ntp(answer(reference, 0x02)));       // a request
  check_silent(ntp(answer(reference, 0xc2)));       // an error
  check_silent(ntp(answer(reference, 0x81)));       // another operation
  check_silent(ntp(answer(reference, 0x82, 468)));  // the rest of an answer
  check_silent(ntp(answer("version=\"no end")));
  check_silent(ntp(answer("version, processor, =\"x\", system=")));
  check_silent(ntp(hex("17 00 03 2a")));  // mode 7
  CHECK(ntp(hex("16 82 0001 0615 0000 0000 00ff") + text("version=1")).malformed);
  CHECK(ntp(hex("24 01")).malformed);
  std::string many;
  for (int i = 0; i < 70; ++i) many += "a=b,";
  check_silent(ntp(answer(many + "system=\"late\"")));
}

TEST_CASE("NTP cut anywhere") {
  every_prefix(Protocol::ntp, ip_packet(123, 123), answer(reference));
  every_prefix(Protocol::ntp, ip_packet(123, 123), time_of(0x24, 1, "GPS"));
}
