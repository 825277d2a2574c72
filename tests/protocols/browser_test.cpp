// SPDX-License-Identifier: Apache-2.0
// A host announcement as it is in captures, with other addresses.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets announcement(std::string_view kind) {
  return hex("1102000c c0000201 008a 00bb 0000") +
         text(
             "\x20"
             "ENEEEKFCDJDDCACACACACACACACACAAA") +
         hex("00") +
         text(
             "\x20"
             "FHEPFCELEHFCEPFFFACACACACACACABN") +
         hex("00") + hex("ff534d4225") + Octets(27) +
         hex("11 0000 2100 0000 0000 0000 0000 0000 0000 0000 0000 0000 2100 5600 0300 0100 0100 "
             "0200 3200") +
         text("\\MAILSLOT\\BROWSE") + hex("00") + hex(kind) + hex("03 60ea0000") + text("MDJR93") +
         Octets(10) + hex("0400 03204000 1504 55aa") + text("Front desk") + hex("00");
}
const Octets host = announcement("01");

Dissected browser(const Octets& octets) {
  return dissect(Protocol::browser, ip_packet(138, 138), octets);
}
Octets with(Octets octets, size_t place, uint8_t value) {
  octets[place] = value;
  return octets;
}

}  // namespace

TEST_CASE("Browser announcement of a host") {
  for (std::string_view kind : {"01", "0f"}) {
    Dissected said = browser(announcement(kind));
    CHECK_FALSE(said.malformed);
    CHECK(said.one(Field::host_name) == "MDJR93");
    CHECK(said.one(Field::os_version) == "4.0");
    CHECK(said.one(Field::description) == "Front desk");
    CHECK(said.said.size() == 3);
  }
}

TEST_CASE("Browser announcement of a domain names the master") {
  Dissected said = browser(announcement("0c"));
  CHECK(said.one(Field::domain) == "MDJR93");
  CHECK(said.one(Field::host_name) == "Front desk");
  CHECK(said.said.size() == 2);
}

TEST_CASE("Browser messages of other kinds, other senders and other mailslots say nothing") {
  CHECK(browser(announcement("08")).said.empty());
  CHECK(browser(with(host, 7, 9)).said.empty());
  CHECK(browser(with(host, 0, 0x13)).said.empty());
  CHECK(browser(with(host, 86, 0x26)).said.empty());
  CHECK(browser(with(host, 154, 'X')).said.empty());
  CHECK(browser(with(host, 14, 31)).malformed);
}

TEST_CASE("Browser announcement cut anywhere") {
  every_prefix(Protocol::browser, ip_packet(138, 138), host);
}
