// SPDX-License-Identifier: Apache-2.0
// Frames made from the format that a vendor's manual gives; what follows the flag is made up.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

const Octets flag = text("Huawei Link Search") + hex("0000");
const Octets message = flag + hex("0001 0018") + Octets(24, 0x41);
const Octets below_arp = hex("ffff ffff 00 00");

Texts facts(uint16_t type, const Octets& body) {
  Told told;
  told(ethernet(type, body));
  return told.facts;
}

}  // namespace

TEST_CASE("Link Automatic Discovery says its flag") {
  Dissected said = dissect(Protocol::lad, link_packet(), message);
  CHECK(said.said.size() == 1);
  CHECK(said.one(Field::message) == "Huawei Link Search");
  CHECK(said.said[0].mac_is_own);
  CHECK_FALSE(said.malformed);
  every_prefix(Protocol::lad, link_packet(), message);
}

TEST_CASE("Link Automatic Discovery with zero for an EtherType, and below ARP's") {
  CHECK(facts(0, message) == Texts{"Huawei Link Search"});
  CHECK(facts(0x8100, hex("000a 0000") + message) == Texts{"Huawei Link Search"});
  CHECK(facts(0x0806, below_arp + message) == Texts{"Huawei Link Search"});
  CHECK(facts(0x8100, hex("000a 0806") + below_arp + message) == Texts{"Huawei Link Search"});
  CHECK(facts(0x0806, hex("ffff ffff 06 04") + message).empty());
  CHECK(facts(0x88b5, message).empty());
}

TEST_CASE("What else has zero for an EtherType says nothing and is not malformed") {
  for (const Octets& other :
       {Octets{}, hex("424203 0000"), Octets(46, 0), Octets(flag.begin(), flag.end() - 3),
        text("Link Search") + Octets(9, 0), Octets(1500, ' ')}) {
    Dissected said = dissect(Protocol::lad, link_packet(), other);
    INFO(other.size());
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
  Dissected hostile = dissect(Protocol::lad, link_packet(), text("\x1b[2J <b> Link Search"));
  CHECK(hostile.one(Field::message) == "[2J <b> Link Search");
}
