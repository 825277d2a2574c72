// SPDX-License-Identifier: Apache-2.0
// The answers of a controller in cisagov/icsnpp-s7comm, s7ident.pcap, frames 11 and 13.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets modules = hex(
    "0300009902f080320700000100000c007c000112081284010000000000ff09007800110000001c00040001364553"
    "37203331352d32454831342d304142302000c000040001000636455337203331352d32454831342d304142302000"
    "c0000400010007202020202020202020202020202020202020202000c0560302060081426f6f74204c6f61646572"
    "202020202020202020000041200909");
const Octets components =
    hex("0300017d02f080320700000200000c0160000112081284010000000000ff09015c001c00000022000a000153"
        "4e4150372d53455256455200000000000000000000000000000000000000000002435055203331352d322050"
        "4e2f445000000000000000000000000000000000000003000000000000000000000000000000000000000000"
        "000000000000000000000000044f726967696e616c205369656d656e732045717569706d656e740000000000"
        "0000055320432d43325552323839323230313200000000000000000000000000000000000743505520333135"
        "2d3220504e2f4450000000000000000000000000000000000000084d4d432032363746463131460000000000"
        "0000000000000000000000000000000009002af6000001000000000000000000000000000000000000000000"
        "0000000000000a0000000000000000000000000000000000000000000000000000000000000000000b000000"
        "0000000000000000000000000000000000000000000000000000000000");
const Octets confirm = hex("0300001602d000010002 00c0010ac1020100c2020102");

Dissected s7(const Octets& message) {
  return dissect(Protocol::s7comm, ip_packet(102, 40000), message);
}

}  // namespace

TEST_CASE("S7: order number and firmware of the module") {
  Dissected said = s7(confirm + modules);
  CHECK(said.one(Field::model) == "6ES7 315-2EH14-0AB0");
  CHECK(said.one(Field::firmware_revision) == "V3.2.6");
  CHECK(said.said.size() == 2);
  CHECK_FALSE(said.malformed);
}

TEST_CASE("S7: names, serial number and copyright") {
  Dissected said = s7(components);
  CHECK(said.one(Field::system_name) == "SNAP7-SERVER");
  CHECK(said.one(Field::device_name) == "CPU 315-2 PN/DP");
  CHECK(said.one(Field::platform) == "CPU 315-2 PN/DP");
  CHECK(said.one(Field::serial) == "S C-C2UR28922012");
  CHECK(said.one(Field::description) == "Original Siemens Equipment");
  CHECK(said.said.size() == 5);
  CHECK_FALSE(said.malformed);
}

TEST_CASE("S7: both lists in one stream; behind the components nothing is read") {
  Dissected said = s7(confirm + modules + components);
  CHECK(said.said.size() == 7);
  CHECK(s7(components + modules).said.size() == 5);
}

TEST_CASE("S7: questions, other answers and other protocols on the port say nothing") {
  CHECK(dissect(Protocol::s7comm, ip_packet(40000, 102), modules).said.empty());
  CHECK(s7(confirm).said.empty());
  Octets failed = modules;
  failed[27] = 0xd4;  // an error instead of the list
  CHECK(s7(failed).said.empty());
  Octets plus = modules;
  plus[7] = 0x72;  // S7comm-plus
  CHECK(s7(plus).said.empty());
  CHECK(s7(text("SSH-2.0-OpenSSH")).said.empty());
}

TEST_CASE("S7: lists that lie are malformed") {
  Octets size = modules;
  size[38] = 0xff;  // entries larger than what there is
  CHECK(s7(size).malformed);
  CHECK(s7(size).said.empty());
  Octets none = modules;
  none[38] = 0;
  CHECK(s7(none).malformed);
  Octets parameters = modules;
  parameters[13] = 0xff;
  CHECK(s7(parameters).malformed);
  CHECK(s7(parameters).said.empty());
}

TEST_CASE("S7: every prefix") {
  every_prefix(Protocol::s7comm, ip_packet(102, 40000), confirm + modules + components);
}
