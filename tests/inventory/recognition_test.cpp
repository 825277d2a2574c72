// SPDX-License-Identifier: Apache-2.0
// That two hosts are one device: by what proves it, and by nothing less.
#include "inventory/identity.hpp"

#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr const char* first = "00:e1:00:00:00:01";  // Somebody's, whom the rules do not know
constexpr const char* second = "00:e1:00:00:00:02";
constexpr const char* acme = "00:e0:fc:00:00:01";
constexpr const char* bolt = "00:e0:f0:00:00:01";

std::string proof(Field field, std::string_view text) {
  return proof_of(fact(station(first), Protocol::lldp, field, text, 1));
}

Lines macs(const Device& device) {
  Lines lines;
  for (const Mac& mac : device.macs) lines.push_back(to_string(mac));
  return lines;
}

}  // namespace

TEST_CASE("Proof: what no second device says", "[identity]") {
  CHECK(proof(Field::serial, "2102351BTJ10C5000123") == "serial 2102351BTJ10C5000123");
  CHECK(proof(Field::duid, "000300014419b6000606") == "duid 000300014419b6000606");
  CHECK(proof(Field::engine_id, "80001f8880e9bd0c1d12667a5100000000") ==
        "engine_id 80001f8880e9bd0c1d12667a5100000000");
  CHECK(proof(Field::udn, "uuid:2f402f80-da50-11e1-9b23-001788255acc") != "");
  // Left as the form came, or shared by many.
  for (const char* nobody : {"", "1234567", "00000000", "0123456789", "123456789", "11112222",
                             "To be filled by O.E.M.", "Default string", "ABCDEFGH"}) {
    INFO(nobody);
    CHECK(proof(Field::serial, nobody).empty());
  }
  CHECK(proof(Field::duid, "0000000000000000").empty());
  CHECK(proof(Field::system_name, "switch-2102351BTJ10C5").empty());
  CHECK(proof(Field::model, "2102351BTJ10C5000123").empty());
}

TEST_CASE("Recognition: one serial number at two MACs is one device", "[identity]") {
  Network network;
  network(fact(station(first), Protocol::lldp, Field::serial, "SN2102351BTJ10", 1));
  network(fact(station(second), Protocol::lldp, Field::serial, "SN2102351BTJ10", 2));
  REQUIRE(network.keys() == Lines{first});
  const Device& device = *network.find(first);
  CHECK(macs(device) == Lines{first, second});
  CHECK(device.aliases.size() == 1);
  CHECK(network.inventory.counters().devices_joined == 1);
  CHECK(device.former_ids.size() == 1);
  CHECK(device.bears(parse_mac(second).value()));
  // From now on each of the two is that device.
  network(sighting(station(second), 3, 5));
  CHECK(network.find(first)->packets == 5);
  CHECK(network.keys() == Lines{first});
}

TEST_CASE("Recognition: another serial number, or none, joins nobody", "[identity]") {
  Network network;
  network(fact(station(first), Protocol::lldp, Field::serial, "SN2102351BTJ10", 1));
  network(fact(station(second), Protocol::lldp, Field::serial, "SN2102351BTJ11", 2));
  network(fact(station(first), Protocol::lldp, Field::system_name, "rack-7-switch", 3));
  network(fact(station(second), Protocol::lldp, Field::system_name, "rack-7-switch", 4));
  CHECK(network.inventory.size() == 2);
  CHECK(network.inventory.counters().devices_joined == 0);
}

TEST_CASE("Recognition: a device roams between the taps of one site, not between worlds",
          "[identity]") {
  auto seen_twice = [](bool is_one_site) {
    Networks networks;
    networks.is_one_site = is_one_site;
    Network network({}, {"east", "west"}, networks);
    for (uint16_t tap : {uint16_t{0}, uint16_t{1}}) {
      auto said = fact(station(first), Protocol::lldp, Field::serial, "SN2102351BTJ10", tap + 1);
      said.context.tap = tap;
      network(said);
    }
    return network.inventory.size();
  };
  CHECK(seen_twice(true) == 1);
  CHECK(seen_twice(false) == 2);
}

TEST_CASE("Recognition: two makers are two devices, whatever they say", "[identity]") {
  Network network;
  network(fact(station(acme), Protocol::lldp, Field::serial, "SN2102351BTJ10", 1));
  network(fact(station(bolt), Protocol::lldp, Field::serial, "SN2102351BTJ10", 2));
  CHECK(network.inventory.size() == 2);
  // Nor does a host hide Acme's device by calling its address its own, before it is seen or after.
  network(fact(station(first), Protocol::lldp, Field::chassis_mac, "00:e0:fc:00:00:09", 3));
  network(sighting(station("00:e0:fc:00:00:09"), 4));
  network(fact(station(bolt), Protocol::lldp, Field::chassis_mac, "00:e0:fc:00:00:01", 5));
  CHECK(network.inventory.size() == 4);
  REQUIRE(network.find("00:e0:fc:00:00:09") != nullptr);
  CHECK(network.find("00:e0:fc:00:00:09")->is_flagged);
}

TEST_CASE("Recognition: the ports of a switch name one chassis", "[identity]") {
  Network network;
  for (const char* port : {"00:e0:fc:00:00:11", "00:e0:fc:00:00:12", "00:e0:fc:00:00:13"})
    network(fact(station(port), Protocol::lldp, Field::chassis_mac, "00:e0:fc:00:00:10", 1));
  network(sighting(station("00:e0:fc:00:00:10"), 2));
  CHECK(network.keys() == Lines{"00:e0:fc:00:00:11"});
  // An address that two hosts name, and none of them bears, proves nothing but of a chassis.
  network(fact(station(first), Protocol::snmp, Field::engine_mac, "00:e1:00:00:00:77", 3));
  network(fact(station(second), Protocol::snmp, Field::engine_mac, "00:e1:00:00:00:77", 4));
  CHECK(network.inventory.size() == 3);
}

TEST_CASE("Recognition: what may have been said behind a router proves nothing", "[identity]") {
  Network network;
  network(
      fact(behind(first, "10.0.0.1"), Protocol::snmp, Field::engine_id, "80001f8880e9bd0c1d", 1));
  network(
      fact(behind(second, "10.0.0.2"), Protocol::snmp, Field::engine_id, "80001f8880e9bd0c1d", 2));
  CHECK(network.inventory.size() == 2);
  network(binding(first, "10.0.0.1", 3));
  network(binding(second, "10.0.0.2", 3));
  network(
      fact(behind(first, "10.0.0.1"), Protocol::snmp, Field::engine_id, "80001f8880e9bd0c1d", 4));
  network(
      fact(behind(second, "10.0.0.2"), Protocol::snmp, Field::engine_id, "80001f8880e9bd0c1d", 5));
  CHECK(network.inventory.size() == 1);
}

TEST_CASE("Recognition: a random MAC is known again by name and maker, one after the other",
          "[identity]") {
  auto phone = [](Network& network, const char* mac, int64_t second, bool with_maker = true) {
    if (with_maker) network(banner(station(mac), "ACME", second));
    network(fact(station(mac), Protocol::dhcp, Field::host_name, "phone-of-eva", second));
  };
  Network network;
  phone(network, "02:00:00:00:00:01", 1);
  phone(network, "02:00:00:00:00:02", 2);
  phone(network, "02:00:00:00:00:03", 3);
  CHECK(network.inventory.size() == 1);
  CHECK(network.find("02:00:00:00:00:01")->former_ids.size() == 2);
  for (int day = 4; day < 100; ++day)  // for months
    phone(network, fmt::format("02:00:00:00:00:{:02x}", day).c_str(), day);
  CHECK(network.inventory.size() == 1);
  const Device& same = *network.find("02:00:00:00:00:01");
  CHECK(same.aliases.size() < InventoryLimits{}.addresses_per_device);
  CHECK(same.former_ids.size() == InventoryLimits{}.addresses_per_device);
  CHECK(to_string(same.macs.back()) == "02:00:00:00:00:63");
  CHECK(same.macs.size() <= InventoryLimits{}.addresses_per_device);

  Network at_once;  // both are there at the same time
  phone(at_once, "02:00:00:00:00:01", 1);
  at_once(sighting(station("02:00:00:00:00:02"), 1));
  phone(at_once, "02:00:00:00:00:01", 2);
  phone(at_once, "02:00:00:00:00:02", 3);
  CHECK(at_once.inventory.size() == 2);

  Network nameless;  // a name alone is anybody's
  phone(nameless, "02:00:00:00:00:01", 1, false);
  phone(nameless, "02:00:00:00:00:02", 2, false);
  CHECK(nameless.inventory.size() == 2);

  Network registered;  // a MAC of the registry's does not change
  phone(registered, first, 1);
  phone(registered, second, 2);
  CHECK(registered.inventory.size() == 2);
}

TEST_CASE("Recognition: an evicted device's proof is free again", "[identity]") {
  InventoryLimits limits;
  limits.devices = 2;
  Network network(limits);
  network(fact(station(first), Protocol::lldp, Field::serial, "SN2102351BTJ10", 1));
  network(sighting(station("00:e1:00:00:00:08"), 2));
  network(sighting(station("00:e1:00:00:00:09"), 3));  // the first gives way
  network(fact(station(second), Protocol::lldp, Field::serial, "SN2102351BTJ10", 4));
  CHECK(network.inventory.counters().devices_joined == 0);
  CHECK(network.find(second) != nullptr);
}

TEST_CASE("Recognition: what a device merely says it bears it does not", "[identity]") {
  Network network;
  network(banner(station(acme), "ACME", 1));
  network(fact(station(first), Protocol::dhcp, Field::client_mac, acme, 2));
  REQUIRE(network.find(first) != nullptr);
  CHECK_FALSE(network.find(first)->bears(parse_mac(acme).value()));
  CHECK(network.find(first)->bears(parse_mac(first).value()));
}

TEST_CASE("Recognition: a device was where it was heard, last", "[identity]") {
  Network network({}, {"east", "west"});
  network.networks.is_one_site = true;
  auto there = [](Observation observation) {
    observation.context.tap = 1;
    return observation;
  };
  network(fact(station(first), Protocol::lldp, Field::serial, "SN2102351BTJ10", 1));
  network(there(fact(station(second), Protocol::lldp, Field::serial, "SN2102351BTJ10", 2)));
  network(sighting(station(first), 5));
  const Device& device = *network.find(first);
  REQUIRE(device.presences.size() == 2);
  CHECK(device.presences[0].context.tap == 0);
  CHECK(device.presences[0].heard == at(5));
  CHECK(device.presences[1].context.tap == 1);
  CHECK(device.presences[1].heard == at(2));
}

TEST_CASE(
    "Recognition: what an earlier run knew of a device is not lost to what was seen meanwhile",
    "[identity]") {
  Network before;
  before(banner(station(acme), "ACME", 1));
  before(fact(station(acme), Protocol::lldp, Field::system_name, "core", 2));
  Device earlier = *before.find(acme);
  Network network;
  network(sighting(station(acme), 100));
  size_t seen = network.find(acme)->evidence.size();
  network.inventory.restore(earlier);
  const Device& device = *network.find(acme);
  CHECK(device.evidence.size() > seen);
  CHECK(device.names == Lines{"core"});
  CHECK(device.first_seen == at(1));
  CHECK(device.last_seen == at(100));
  CHECK(network.inventory.size() == 1);
}
