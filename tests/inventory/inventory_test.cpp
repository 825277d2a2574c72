// SPDX-License-Identifier: Apache-2.0
// Whose an observation is, as devices: stations, routers, what moves and what is taken over.
#include "inventory/inventory.hpp"

#include <set>

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr const char* acme = "00:e0:fc:00:00:01";
constexpr const char* other = "00:e1:00:00:00:01";
constexpr const char* secret = "02:00:00:00:00:01";
const Lines other_registrant{"platform Somebody Ltd () 0.80 of 00:e1:00:00:00:01"};

Host beyond(std::string_view mac, std::string_view ip) {
  Host host = behind(mac, ip);
  host.is_beyond_router = true;
  return host;
}

}  // namespace

TEST_CASE("Inventory: a sender is a device, with its registrant and its sums", "[inventory]") {
  Network network;
  network(sighting(behind(other, "192.0.2.1"), 10));
  network(sighting(behind(other, "192.0.2.1"), 20, 5));
  network(sighting(behind(other, "192.0.2.1"), 5, 2));
  CHECK(network.keys() == Lines{other});
  const Device* device = network.find(other);
  REQUIRE(device);
  CHECK(device->role == Role::station);
  CHECK(device->registrant == "Somebody Ltd");
  CHECK(device->macs == std::vector{parse_mac(other).value()});
  CHECK(addresses(*device) == Lines{"192.0.2.1"});
  CHECK(device->packets == 8);
  CHECK(device->first_seen == at(5));
  CHECK(device->last_seen == at(20));
  CHECK(claims(*device) == other_registrant);
  CHECK(verdict_text(*device) == "none");
  CHECK_FALSE(device->is_flagged);
  CHECK(network.changes == 1);
}

TEST_CASE("Inventory: a supplier's own MAC flags, a private one says nothing", "[inventory]") {
  Network network;
  network(sighting(station(secret), 1));
  network(sighting(station(acme), 2));
  network(sighting(station("01:00:5e:00:00:01"), 3));
  CHECK(network.keys() == Lines{acme, secret});  // flagged first
  CHECK(verdict_text(*network.find(acme)) == "acme probable 0.800");
  CHECK(network.find(acme)->is_flagged);
  CHECK(network.find(secret)->registrant == "");
  CHECK(claims(*network.find(secret)).empty());
  CHECK(network.changes == 1);
}

TEST_CASE("Inventory: the same said twice is one claim and no change", "[inventory]") {
  Network network;
  for (int i = 0; i < 3; ++i) network(banner(station(secret), "ACME 1.0", i));
  CHECK(claims(*network.find(secret)) == Lines{"platform Acme (acme) 0.90 of ACME 1.0"});
  CHECK(network.find(secret)->evidence[0].claim.frame == 0);  // where it was said first
  CHECK(network.changes == 1);
  network(banner(station(secret), "ACME 1.1", 3));
  CHECK(network.find(secret)->evidence.size() == 2);
  CHECK(network.changes == 2);
}

TEST_CASE("Inventory: a MAC with four unbound sources is a router, and blamed for none of them",
          "[inventory]") {
  Network network;
  network(banner(behind(other, "10.0.0.1"), "ACME", 1));
  CHECK(verdict_text(*network.find(other)) == "acme probable 0.900");  // so far it was all we knew
  CHECK(network.find(other)->is_flagged);
  network(sighting(behind(other, "10.0.0.2"), 2));
  network(sighting(behind(other, "10.0.0.3"), 3));
  CHECK(network.find(other)->role == Role::station);
  network(sighting(behind(other, "10.0.0.4"), 4));
  const Device* router = network.find(other);
  REQUIRE(router);
  CHECK(router->role == Role::router);
  CHECK(claims(*router) == other_registrant);
  CHECK_FALSE(router->is_flagged);
  CHECK(addresses(*router).empty());
  CHECK(router->packets == 3);
  const Device* host = network.find("10.0.0.1");
  REQUIRE(host);
  CHECK(host->role == Role::routed);
  CHECK(host->is_flagged);
  CHECK(claims(*host) == Lines{"platform Acme (acme) 0.90 of ACME"});
  CHECK(host->evidence[0].claim.frame == 1);
  CHECK(host->first_seen == at(1));
  CHECK(network.find("10.0.0.4")->packets == 1);
  // From now on each is a host of its own at once.
  network(banner(behind(other, "10.0.0.5"), "BOLT", 5));
  CHECK(verdict_text(*network.find("10.0.0.5")) == "bolt probable 0.900");
  CHECK(claims(*network.find(other)) == other_registrant);
}

TEST_CASE("Inventory: what came through a router for certain is never the MAC's", "[inventory]") {
  Network network;
  network(banner(beyond(other, "10.0.0.1"), "ACME", 1));
  CHECK(network.find(other)->role == Role::router);
  CHECK(claims(*network.find(other)) == other_registrant);
  CHECK(network.find("10.0.0.1")->is_flagged);
}

TEST_CASE("Inventory: a router keeps what it said itself", "[inventory]") {
  Network network;
  network(binding(other, "10.0.0.254", 1));
  network(banner(behind(other, "10.0.0.254"), "ACME", 2));
  network(fact(station(other), Protocol::lldp, Field::system_name, "core", 3));
  network(banner(beyond(other, "10.0.0.1"), "BOLT", 4));
  const Device* router = network.find(other);
  REQUIRE(router);
  CHECK(router->role == Role::router);
  CHECK(claims(*router) == Lines{other_registrant[0], "platform Acme (acme) 0.90 of ACME"});
  CHECK(router->names == Lines{"core"});
  CHECK(addresses(*router) == Lines{"10.0.0.254 bound"});
}

TEST_CASE("Inventory: what moves goes to the MAC that the address turned out to be of",
          "[inventory]") {
  Network network;
  network(banner(behind(other, "10.0.0.1"), "ACME", 1));
  network(banner(behind(other, "10.0.0.2"), "BOLT", 2));
  network(binding(secret, "10.0.0.1", 3));
  network(binding(other, "10.0.0.2", 3));
  network(sighting(beyond(other, "10.0.0.9"), 4));
  CHECK(claims(*network.find(secret)) == Lines{"platform Acme (acme) 0.90 of ACME"});
  CHECK(claims(*network.find(other)) ==
        Lines{other_registrant[0], "platform Bolt (bolt) 0.90 of BOLT"});
  CHECK_FALSE(network.find("10.0.0.1"));
  CHECK_FALSE(network.find("10.0.0.2"));
}

TEST_CASE("Inventory: a router's advertisement makes a router", "[inventory]") {
  Network network;
  network(fact(station(other, "fe80::1"), Protocol::nd, Field::router, "advertisement", 1));
  CHECK(network.find(other)->role == Role::router);
  network(banner(behind(other, "2001:db8::1"), "ACME", 2));
  CHECK(claims(*network.find(other)) == other_registrant);
}

TEST_CASE("Inventory: redundancy addresses are nobody's", "[inventory]") {
  Network network;
  constexpr const char* redundant = "00:07:b4:00:01:02";
  network(banner(behind(redundant, "10.0.0.1"), "ACME", 1));
  network(sighting(behind(redundant, "10.0.0.2"), 1));
  const Device* device = network.find(redundant);
  REQUIRE(device);
  CHECK(device->role == Role::virtual_);
  CHECK(claims(*device).empty());
  CHECK(network.find("10.0.0.1")->is_flagged);
  CHECK(network.find("10.0.0.2")->role == Role::routed);
}

TEST_CASE("Inventory: the rest of the world is a device only by what it says", "[inventory]") {
  Network network;
  network(sighting(beyond(other, "203.0.113.1"), 1));
  CHECK(network.keys() == Lines{other});
  network(banner(beyond(other, "203.0.113.1"), "ACME", 2));
  CHECK(network.find("203.0.113.1")->role == Role::remote);
  // Where there is no MAC at all every sender is one.
  network(sighting(behind("", "203.0.113.2"), 3));
  CHECK(network.find("203.0.113.2")->role == Role::remote);
  network(sighting(beyond(other, "fd00::1"), 4));
  CHECK(network.find("fd00::1")->role == Role::routed);
}

TEST_CASE("Inventory: a host known by its address becomes the device that has the address",
          "[inventory]") {
  Network network;
  Host host = beyond(other, "10.0.0.5");
  network(sighting(host, 3, 7));
  network(banner(host, "ACME", 4));
  network(fact(host, Protocol::snmp, Field::system_name, "cam", 5));
  network(fact(host, Protocol::dhcp, Field::relay_remote, "switch", 5));
  network(fact(host, Protocol::dhcp, Field::relay_circuit, "port 7", 5));
  network(fact(host, Protocol::snmp, Field::engine_mac, "00:e0:fc:00:00:09", 6));
  network(fact(host, Protocol::cdp, Field::management_address, "10.9.9.9", 6));
  REQUIRE(network.find("10.0.0.5")->is_flagged);
  network(sighting(station(secret), 8, 2));
  network(binding(secret, "10.0.0.5", 9));
  CHECK(network.keys() == Lines{secret, other});
  const Device* device = network.find(secret);
  REQUIRE(device);
  CHECK(claims(*device) == Lines{"platform Acme (acme) 0.90 of ACME",
                                 "platform Acme Ltd (acme) 0.80 of 00:e0:fc:00:00:09"});
  CHECK(verdict_text(*device) == "acme confirmed 0.980");
  CHECK(device->is_flagged);
  CHECK(device->names == Lines{"cam"});
  CHECK(device->location_switch == "switch");
  CHECK(device->location_port == "port 7");
  CHECK(device->macs ==
        std::vector{parse_mac(secret).value(), parse_mac("00:e0:fc:00:00:09").value()});
  CHECK(addresses(*device) == Lines{"10.0.0.5 bound", "10.9.9.9"});
  CHECK(device->packets == 9);
  CHECK(device->first_seen == at(3));
  CHECK(device->last_seen == at(9));
  // And what the address says from now on is the device's.
  network(fact(host, Protocol::http, Field::server, "ACME", 10));
  CHECK_FALSE(network.find("10.0.0.5"));
  CHECK(network.find(secret)->evidence.size() == 3);
}

TEST_CASE("Inventory: a binding that no host made itself binds nothing", "[inventory]") {
  Network network;
  network(fact(behind(secret, "10.0.0.7"), Protocol::mdns, Field::binding, "10.0.0.7", 1));
  network(fact(station(secret), Protocol::lldp, Field::management_address, "10.0.0.8", 2));
  network(fact(station(secret), Protocol::arp, Field::binding, "0.0.0.0", 2));
  network(fact(station(secret), Protocol::arp, Field::binding, "no address", 2));
  CHECK(addresses(*network.find(secret)) == Lines{"10.0.0.7", "10.0.0.8"});
  for (const char* ip : {"10.0.0.7", "10.0.0.8"}) network(banner(beyond(other, ip), "ACME", 3));
  CHECK_FALSE(network.find(secret)->is_flagged);
  CHECK(network.find("10.0.0.7")->is_flagged);
  CHECK(network.find("10.0.0.8")->is_flagged);
}

TEST_CASE("Inventory: an address that is bound is no unbound source any more", "[inventory]") {
  Network network;
  for (int i = 1; i <= 3; ++i) network(sighting(behind(secret, "10.0.0." + std::to_string(i)), i));
  for (int i = 1; i <= 3; ++i) network(binding(secret, "10.0.0." + std::to_string(i), 10 + i));
  for (int i = 4; i <= 6; ++i)
    network(sighting(behind(secret, "10.0.0." + std::to_string(i)), 20 + i));
  CHECK(network.find(secret)->role == Role::station);
  network(sighting(behind(secret, "10.0.0.7"), 30));
  CHECK(network.find(secret)->role == Role::router);
  CHECK(addresses(*network.find(secret)) ==
        Lines{"10.0.0.1 bound", "10.0.0.2 bound", "10.0.0.3 bound"});
}

TEST_CASE("Inventory: the same address in two contexts is two devices", "[inventory]") {
  Network network({}, {"north", "south"});
  Observation seen = sighting(station(secret, "10.0.0.1"), 1);
  network(seen);
  seen.context.vlan[0] = 10;
  seen.context.vlan_count = 1;
  network(seen);
  seen.context.tunnel = Tunnel::vxlan;
  network(seen);
  seen.context.tunnel_id = 7;
  network(seen);
  seen.context.tap = 1;
  network(seen);
  network(seen);
  CHECK(network.inventory.size() == 5);
  std::set<std::string> ids;
  network.inventory.each([&](const Device& device) { ids.insert(device.id); });
  CHECK(ids.size() == 5);
}

TEST_CASE("Inventory: a device's id is made of tap, context and key, not of its IP address",
          "[inventory]") {
  auto id = [](const Observation& seen, std::string_view key, const char* tap = "north") {
    Network network({}, {tap});
    network(seen);
    REQUIRE(network.find(key));
    return network.find(key)->id;
  };
  std::string first = id(sighting(station(secret, "10.0.0.1"), 1), secret);
  CHECK(first.size() == 16);
  CHECK(first.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(id(sighting(station(secret, "10.0.0.2"), 99), secret) == first);
  CHECK(id(banner(station(secret), "ACME", 5), secret) == first);
  CHECK(id(sighting(station(secret, "10.0.0.1"), 1), secret, "south") != first);
  CHECK(id(sighting(station(other, "10.0.0.1"), 1), other) != first);
  CHECK(id(sighting(behind("", "10.0.0.1"), 1), "10.0.0.1") !=
        id(sighting(behind("", "10.0.0.2"), 1), "10.0.0.2"));
}
