// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets request =
    hex("0001 0800 06 04 0001"
        "00e0fc123456 c0000205"
        "000000000000 c0000201");

}  // namespace

TEST_CASE("ARP binds the sender's MAC to the sender's address") {
  Dissected arp = dissect(Protocol::arp, link_packet(), request);
  REQUIRE(arp.said.size() == 1);
  CHECK(arp.one(Field::binding) == "192.0.2.5");
  CHECK(to_string(arp.said[0].mac) == "00:e0:fc:12:34:56");
  CHECK(arp.said[0].mac_is_own);
  CHECK_FALSE(arp.malformed);
}

TEST_CASE("ARP probes and other hardware say nothing") {
  Octets probe = request;
  std::fill_n(probe.begin() + 14, 4, uint8_t{0});
  CHECK(dissect(Protocol::arp, link_packet(), probe).said.empty());

  Octets frame_relay = request;
  frame_relay[1] = 15;
  CHECK(dissect(Protocol::arp, link_packet(), frame_relay).said.empty());

  Octets group = request;
  group[8] = 0x01;
  CHECK(dissect(Protocol::arp, link_packet(), group).said.empty());
}

TEST_CASE("ARP cut anywhere is malformed and says nothing") {
  every_prefix(Protocol::arp, link_packet(), request);
  for (size_t size : {1u, 7u, 8u, 17u, 27u}) {
    Octets cut(request.begin(), request.begin() + size);
    Dissected arp = dissect(Protocol::arp, link_packet(), cut);
    CHECK(arp.malformed);
  }
}
