// SPDX-License-Identifier: Apache-2.0
// The MAC inside an IPv6 address: told once, where the frame does not show it.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

/// UDP from that address, in a frame from 00:00:5e:00:53:01.
Octets from(const char* source) {
  Octets datagram = udp(4000, 4001, text("words"));
  auto address = *IpAddress::parse(source);
  return ethernet(0x86dd, hex("60000000") + be16(datagram.size()) + hex("11 40") +
                              Octets(address.octets().begin(), address.octets().end()) +
                              hex("20010db8000000000000000000000002") + datagram);
}

}  // namespace

TEST_CASE("EUI-64: the MAC behind a router is told, with its bit turned, and once") {
  Told told;
  told(from("2001:db8:2::4619:b6ff:fe00:207"));
  told(from("2001:db8:2::4619:b6ff:fe00:207"));
  CHECK(told.facts == std::vector<std::string>{"44:19:b6:00:02:07"});
}

TEST_CASE("EUI-64: the frame's own MAC, local ones, and other addresses are nothing new") {
  Told told;
  told(from("2001:db8::200:5eff:fe00:5301"));  // the sender's
  told(from("fe80::200:5eff:fe00:5301"));
  told(from("2001:db8:2::4419:b6ff:fe00:207"));  // turned, a local one
  told(from("2001:db8:2::4719:b6ff:fe00:207"));  // turned, a group
  told(from("2001:db8:2::4619:b6fe:ff00:207"));
  told(from("2001:db8:2::1"));
  CHECK(told.facts.empty());
  CHECK(told.senders.size() == 6);
}
