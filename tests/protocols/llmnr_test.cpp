// SPDX-License-Identifier: Apache-2.0
// Messages in the form of those in captures.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets response = hex("1234 8000 0001 0001 0000 0000 06") + text("office") +
                        hex("00 0001 0001 c00c 0001 0001 0000001e 0004 c0000201");

Dissected llmnr(const Octets& octets, const Packet& packet = ip_packet(5355, 50000)) {
  return dissect(Protocol::llmnr, packet, octets);
}
Octets with(Octets octets, size_t place, uint8_t value) {
  octets[place] = value;
  return octets;
}

}  // namespace

TEST_CASE("LLMNR response tells the sender's name and address") {
  Dissected said = llmnr(response);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::host_name) == "office");
  CHECK(said.one(Field::binding) == "192.0.2.1");
  CHECK(said.said.size() == 2);
  said = llmnr(with(response, response.size() - 1, 9));
  CHECK(said.one(Field::host_name) == "office");
  CHECK(said.said.size() == 1);
}

TEST_CASE("LLMNR queries, conflicts, errors and other ports say nothing") {
  CHECK(llmnr(response, ip_packet(50000, 5355)).said.empty());
  CHECK(llmnr(with(response, 2, 0)).said.empty());
  CHECK(llmnr(with(response, 2, 0x84)).said.empty());
  CHECK(llmnr(with(response, 2, 0x81)).said.empty());
  CHECK(llmnr(with(response, 3, 3)).said.empty());
  CHECK(llmnr(with(response, 26, 12)).said.empty());
}

TEST_CASE("LLMNR hostile counts and lengths") {
  CHECK(llmnr(with(response, 4, 0xff)).malformed);
  CHECK(llmnr(with(response, 6, 0xff)).malformed);
  CHECK(llmnr(with(response, 6, 0xff)).said.size() == 2);
  CHECK(llmnr(with(response, 24, 0xff)).malformed);
  CHECK(llmnr(with(response, 34, 3)).malformed);
}

TEST_CASE("LLMNR cut anywhere") { every_prefix(Protocol::llmnr, ip_packet(5355, 50000), response); }
