// SPDX-License-Identifier: Apache-2.0
// Frames made from the numbers in the IEEE list: what is behind them nobody has published.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

std::vector<std::string> said(uint16_t type, const Octets& body) {
  Told told;
  told(ethernet(type, body));
  return told.facts;
}

}  // namespace

TEST_CASE("A registered EtherType without a published format is said itself") {
  Packet packet = link_packet();
  packet.ethertype = 0xccb1;
  Dissected one = dissect(Protocol::vendor_ethertypes, packet, hex("0102 0304"));
  REQUIRE(one.said.size() == 1);
  CHECK(one.one(Field::ether_type) == "ccb1");
  CHECK(to_string(one.said[0].mac) == "00:00:5e:00:53:01");
  CHECK(one.said[0].mac_is_own);
  CHECK_FALSE(one.malformed);
  every_prefix(Protocol::vendor_ethertypes, packet, hex("0102 0304"));
}

TEST_CASE("Frames of such EtherTypes come to it, whatever they hold, and of others none") {
  for (const auto& [type, text] :
       std::initializer_list<std::pair<uint16_t, std::string>>{{0x22ed, "22ed"},
                                                               {0x22ee, "22ee"},
                                                               {0xb7ea, "b7ea"},
                                                               {0xa85a, "a85a"},
                                                               {0xeadd, "eadd"},
                                                               {0x96b6, "96b6"},
                                                               {0xccb1, "ccb1"},
                                                               {0x8918, "8918"}}) {
    INFO(text);
    CHECK(said(type, Octets(46, 0xff)) == std::vector{text});
    CHECK(said(type, Octets(1, 0)) == std::vector{text});
  }
  for (auto type : std::initializer_list<uint16_t>{0x22ef, 0x8917, 0x8919, 0xccb2})
    CHECK(said(type, Octets(46, 1)).empty());
}
