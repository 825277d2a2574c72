// SPDX-License-Identifier: Apache-2.0
#include "pipeline/next_hops.hpp"

#include "support/catch.hpp"
#include "support/inventory.hpp"
#include "support/site.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

struct Handed {
  Handed()
      : emit([](void* self,
                const Observation& one) { static_cast<Handed*>(self)->said.push_back(one); },
             this) {}

  /// A packet from the host with this last octet to an address, by a MAC.
  void operator()(int from, std::string_view target, std::string_view via = "00:e1:00:00:00:01",
                  bool was_forwarded = false) {
    Packet packet;
    packet.time = at(seconds);
    packet.frame = ++frame;
    packet.context = context;
    packet.source_mac = mac_from(0x020000000000 + static_cast<uint64_t>(from));
    packet.target_mac = parse_mac(via).value();
    packet.source_ip = IpAddress::parse("10.0.0." + std::to_string(from)).value();
    packet.target_ip = IpAddress::parse(target).value();
    packet.hop_limit = was_forwarded ? 63 : 64;
    hops(packet, sender_of(packet), emit);
  }
  Lines texts() const {
    Lines lines;
    for (const Observation& one : said)
      lines.push_back(to_string(one.host.mac) + ": " + std::string(one.text.view()));
    return lines;
  }

  NextHops hops;
  std::vector<Observation> said;
  Emit emit;
  Context context;
  int64_t seconds = 0;
  uint64_t frame = 0;
};

}  // namespace

TEST_CASE("Next hop: four addresses from two hosts, and then no more", "[next_hops]") {
  Handed handed;
  handed(1, "203.0.113.1");
  handed(1, "203.0.113.2");
  handed(1, "203.0.113.3");
  handed(1, "203.0.113.4");
  handed(1, "203.0.113.5");
  CHECK(handed.said.empty());
  handed(2, "203.0.113.1");
  CHECK(handed.texts() ==
        Lines{"00:e1:00:00:00:01: 203.0.113.1 203.0.113.2 203.0.113.3 203.0.113.4"});
  const Observation& told = handed.said.front();
  CHECK(told.field == Field::next_hop);
  CHECK(told.protocol == Protocol::ethernet);
  CHECK(told.frame == 6);
  CHECK(told.host.mac_is_own);
  CHECK_FALSE(told.host.ip);
  for (int i = 10; i < 90; ++i) handed(i, "198.51.100." + std::to_string(i));
  CHECK(handed.said.size() == 1);
  handed.seconds += 300;
  for (int i = 1; i <= 3; ++i) handed(i, "198.51.100." + std::to_string(i));
  CHECK(handed.said.size() == 1);
  handed(3, "198.51.100.4");
  CHECK(handed.said.size() == 2);
}

TEST_CASE("Next hop: what need not be handed on does not count", "[next_hops]") {
  Handed handed;
  for (int i = 1; i <= 20; ++i) {
    handed(i, "203.0.113.7");                                          // one address: a server
    handed(i, "203.0.113." + std::to_string(i), "01:00:5e:00:00:01");  // a group
    handed(i, "224.0.1." + std::to_string(i), "00:e1:00:00:00:03");
    handed(i, "169.254.0." + std::to_string(i), "00:e1:00:00:00:03");
    handed(i, "203.0.113." + std::to_string(i), "00:e1:00:00:00:04", true);  // a router's
    handed(1, "203.0.113." + std::to_string(i), "00:e1:00:00:00:05");        // one host's
    handed(i, "2001:db8::" + std::to_string(i), "00:e1:00:00:00:06");        // one prefix
  }
  CHECK(handed.texts() == Lines{});
  // Of two VLANs each is for itself.
  for (uint16_t vlan : {uint16_t{1}, uint16_t{2}}) {
    handed.context.vlan[0] = vlan;
    handed.context.vlan_count = 1;
    handed(1, "203.0.113.1");
    handed(2, "203.0.113.2");
    handed(2, "203.0.113." + std::to_string(2 + vlan));
  }
  CHECK(handed.said.empty());
  handed(2, "203.0.113.99");
  CHECK(handed.said.size() == 1);
}

TEST_CASE("Next hop: the table is bounded, and what gives way is counted", "[next_hops]") {
  Handed handed;
  for (uint64_t i = 0; i < 2 * NextHops::entries; ++i)
    handed(1, "203.0.113.1", to_string(mac_from(0x020100000000 + i)));
  CHECK(handed.hops.evicted() >= NextHops::entries);
  CHECK(handed.hops.evicted() < 2 * NextHops::entries);
  CHECK(handed.said.empty());
}

TEST_CASE("A tap that sees one direction alone finds the gateway", "[next_hops][inventory]") {
  Site site;
  const std::string gateway = "00:e0:fc:00:00:fe";
  auto sends = [&](int host, std::string_view target) {
    std::string last = std::to_string(host);
    site.udp({"18:66:da:00:00:0" + last, "10.1.0." + last}, {gateway, std::string(target)}, 40000,
             9, text("x"));
  };
  for (const char* target : {"10.9.0.1", "203.0.113.5", "203.0.113.6"}) sends(1, target);
  sends(2, "203.0.113.5");
  CHECK(site.find(gateway) == nullptr);
  sends(2, "198.51.100.9");
  const Device* router = site.find(gateway);
  REQUIRE(router);
  CHECK(router->role == Role::router);
  REQUIRE(router->role_claim);
  CHECK(router->role_claim->rule == "next-hop");
  CHECK(router->role_claim->text ==
        "several hosts sent it packets for 10.9.0.1 203.0.113.5 203.0.113.6 198.51.100.9, which "
        "nothing binds to it");
  CHECK(router->role_claim->frame == 5);
  CHECK(router->packets == 0);
  CHECK(site.flagged() == Lines{gateway + ": huawei probable 0.800"});
  CHECK(site.devices() == 3);
}

TEST_CASE("A server with many addresses of its own is no gateway", "[next_hops][inventory]") {
  Network network;
  constexpr const char* server = "00:e0:fc:00:00:01";
  for (int i = 1; i <= 4; ++i) network(binding(server, "10.0.0." + std::to_string(i), i));
  Observation handed = fact(station(server), Protocol::ethernet, Field::next_hop,
                            "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4", 9);
  network(handed);
  CHECK(network.find(server)->role == Role::station);
  // One that is its own is enough to doubt the others.
  handed.text.assign_clean("10.9.0.1 10.9.0.2 10.9.0.3 10.0.0.4");
  network(handed);
  CHECK(network.find(server)->role == Role::station);
  for (const char* odd : {"10.9.0.1 no address", "", "10.9.0.1,10.9.0.2"}) {
    handed.text.assign_clean(odd);
    network(handed);
    CHECK(network.find(server)->role == Role::station);
  }
  handed.text.assign_clean("10.9.0.1 10.9.0.2 10.9.0.3 10.9.0.4");
  network(handed);
  CHECK(network.find(server)->role == Role::router);
  // A redundancy address stays what it is.
  Network other;
  constexpr const char* redundant = "00:07:b4:00:01:02";
  other(fact(station(redundant), Protocol::ethernet, Field::next_hop,
             "10.9.0.1 10.9.0.2 10.9.0.3 10.9.0.4", 1));
  CHECK(other.find(redundant)->role == Role::virtual_);
}
