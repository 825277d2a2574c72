// SPDX-License-Identifier: Apache-2.0
// Promises 3 and 4: every table has a bound and a counter for what it turned away, and a flagged
// device never gives way to an unflagged one.
#include <fmt/format.h>

#include <algorithm>

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

/// A private MAC, of which no registry knows anything.
std::string secret(size_t i) {
  return fmt::format("02:00:00:{:02x}:{:02x}:{:02x}", i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff);
}
std::string acme(size_t i) { return fmt::format("00:e0:fc:00:{:02x}:{:02x}", i >> 8, i & 0xff); }

/// Whoever has that address now: "-" where an unknown router's host has it.
std::string owner_of(Network& network, std::string_view ip) {
  constexpr const char* gateway = "02:ff:ff:ff:ff:ff";
  Host host = behind(gateway, ip);
  host.is_beyond_router = true;
  network(banner(host, "BOLT", 1000));
  std::string owner;
  network.inventory.each([&](const Device& device) {
    for (const Evidence& evidence : device.evidence) {
      if (evidence.claim.supplier == "bolt" && evidence.ip == host.ip) owner = key_text(device);
    }
  });
  return owner;
}

}  // namespace

TEST_CASE("Bounds: the device that was seen longest ago gives way", "[inventory]") {
  Network network({.devices = 3});
  for (size_t i = 1; i <= 3; ++i) network(sighting(station(secret(i)), static_cast<int64_t>(i)));
  network(sighting(station(secret(1)), 4));
  network(sighting(station(secret(4)), 5));
  CHECK(network.keys() == Lines{secret(3), secret(1), secret(4)});
  network(sighting(station(secret(5)), 6));
  CHECK(network.keys() == Lines{secret(1), secret(4), secret(5)});
  CHECK(network.inventory.size() == 3);
  CHECK(network.inventory.counters().devices_evicted == 2);
  CHECK(network.inventory.counters().devices_refused == 0);
}

TEST_CASE("Bounds: of an earlier run's devices the one seen longest ago gives way", "[inventory]") {
  Network network({.devices = 3});
  for (size_t i = 3; i >= 1; --i) {  // as a store gives them, the last seen first
    Device device;
    device.id = secret(i);
    device.key.mac = parse_mac(secret(i)).value();
    device.first_seen = device.last_seen = device.heard = at(static_cast<int64_t>(i));
    network.inventory.restore(std::move(device));
  }
  network(sighting(station(secret(4)), 5));
  CHECK(network.keys() == Lines{secret(2), secret(3), secret(4)});
}

TEST_CASE("Bounds: a flagged device never gives way, however many others come", "[inventory]") {
  Network network({.devices = 16});
  for (size_t i = 1; i <= 3; ++i) network(sighting(station(acme(i)), 1));
  for (size_t i = 0; i < 5000; ++i) network(sighting(station(secret(i)), 2));
  CHECK(network.inventory.size() == 16);
  for (size_t i = 1; i <= 3; ++i) {
    REQUIRE(network.find(acme(i)));
    CHECK(network.find(acme(i))->is_flagged);
  }
  CHECK(network.find(secret(4999)));
  CHECK(network.find(secret(4987)));
  CHECK_FALSE(network.find(secret(4986)));
  CHECK(network.inventory.counters().devices_evicted == 5000 - 13);
  CHECK(network.inventory.counters().devices_refused == 0);
}

TEST_CASE("Bounds: where all are flagged a new one is turned away and counted", "[inventory]") {
  Network network({.devices = 2});
  network(sighting(station(acme(1)), 1));
  network(sighting(station(acme(2)), 2));
  for (int i = 0; i < 5; ++i) network(sighting(station(secret(1)), 3));
  network(sighting(station(acme(3)), 4));
  CHECK(network.keys() == Lines{acme(1), acme(2)});
  CHECK(network.inventory.counters().devices_refused == 2);  // each once
  CHECK(network.inventory.counters().devices_evicted == 0);
  network(banner(station(acme(1)), "ACME", 5));  // those that are there are still told more of
  CHECK(verdict_text(*network.find(acme(1))) == "acme confirmed 0.980");
}

TEST_CASE("Bounds: a flagged device that is spent gives way to another that is flagged, alone",
          "[inventory]") {
  Network network({.devices = 3});
  for (size_t i = 1; i <= 3; ++i) network(sighting(station(acme(i)), static_cast<int64_t>(i)));
  auto mark = [&](const Lines& over) {
    network.inventory.mark_spent([&](const Device& device) {
      return std::ranges::find(over, key_text(device)) != over.end();
    });
  };
  mark({acme(1), acme(2)});
  CHECK(network.keys() == Lines{acme(3), acme(1), acme(2)});
  network(sighting(station(secret(1)), 4));
  network(sighting(station(secret(2)), 5));
  CHECK(network.keys() == Lines{acme(3), acme(1), acme(2)});
  network(sighting(station(acme(2)), 6));  // it is back
  CHECK_FALSE(network.find(acme(2))->is_spent);
  network(sighting(station(acme(4)), 7));
  CHECK(network.keys() == Lines{acme(3), acme(2), acme(4)});
  mark({acme(4)});
  mark({});  // and that one has a new alert
  network(sighting(station(secret(3)), 8));
  CHECK(network.keys() == Lines{acme(3), acme(2), acme(4)});
  CHECK(network.inventory.counters().devices_refused == 3);
  CHECK(network.inventory.counters().devices_evicted == 1);
}

TEST_CASE("Bounds: what was not seen for long is forgotten unless it is to be kept",
          "[inventory]") {
  Network network;
  for (size_t i = 1; i <= 4; ++i) {
    network(sighting(station(acme(i)), static_cast<int64_t>(i)));
    network(sighting(station(secret(i)), static_cast<int64_t>(i)));
  }
  network.inventory.mark_spent([](const Device& device) { return key_text(device) == acme(2); });
  network.inventory.forget(at(4), [](const Device& device) { return key_text(device) == acme(1); });
  CHECK(network.keys() == Lines{acme(1), acme(4), secret(4)});
  CHECK(network.inventory.counters().devices_evicted == 0);
  network(sighting(station(acme(2)), 5));  // its keys are free
  CHECK(network.inventory.size() == 4);
}

TEST_CASE("Bounds: a device that is flagged no more may give way", "[inventory]") {
  Network network({.devices = 1});
  network(sighting(station(acme(1)), 1));
  network(banner(station(acme(1)), "BOLT", 2));
  CHECK(verdict_text(*network.find(acme(1))) == "bolt probable 0.900");
  CHECK_FALSE(network.find(acme(1))->is_flagged);
  network(sighting(station(secret(1)), 3));
  CHECK(network.keys() == Lines{secret(1)});
}

TEST_CASE("Bounds: of a router's hosts the flagged ones stay when it turns out to be one",
          "[inventory]") {
  Network network({.devices = 2});
  network(banner(behind(secret(1), "10.0.0.1"), "ACME", 1));
  for (int i = 2; i <= 4; ++i) network(sighting(behind(secret(1), fmt::format("10.0.0.{}", i)), i));
  CHECK(network.find("10.0.0.1"));
  CHECK(network.find("10.0.0.1")->is_flagged);
  CHECK(network.inventory.size() == 2);
}

TEST_CASE("Bounds: claims of a device; one with a supplier takes the place of one without",
          "[inventory]") {
  Network network({.claims_per_device = 4});
  Host host = station(secret(1));
  auto model = [&](const char* text) {
    network(fact(host, Protocol::sadp, Field::model, text, 1));
  };
  for (const char* text : {"A", "B", "C", "D"}) model(text);
  CHECK(network.inventory.counters().claims_refused == 0);
  model("E");
  model("A");  // it is there: nothing is turned away
  const Device* device = network.find(secret(1));
  CHECK(claims(*device) == Lines{"model A () 0.70 of A", "model B () 0.70 of B",
                                 "model C () 0.70 of C", "model D () 0.70 of D"});
  CHECK(network.inventory.counters().claims_refused == 1);
  network(banner(host, "ACME", 2));
  CHECK(claims(*device) == Lines{"platform Acme (acme) 0.90 of ACME", "model B () 0.70 of B",
                                 "model C () 0.70 of C", "model D () 0.70 of D"});
  CHECK(device->is_flagged);
  CHECK(network.inventory.counters().claims_refused == 2);
  for (const char* text : {"ACME 1", "ACME 2", "ACME 3"}) network(banner(host, text, 3));
  CHECK(network.inventory.counters().claims_refused == 5);
  model("F");
  network(banner(host, "ACME 4", 4));
  CHECK(claims(*device) ==
        Lines{"platform Acme (acme) 0.90 of ACME", "platform Acme (acme) 0.90 of ACME 1",
              "platform Acme (acme) 0.90 of ACME 2", "platform Acme (acme) 0.90 of ACME 3"});
  CHECK(network.inventory.counters().claims_refused == 7);
}

TEST_CASE("Bounds: many weak claims do not shut out a strong one", "[inventory]") {
  Network network({.claims_per_device = 4});
  Host host = station("02:00:00:00:00:01");
  for (const char* text : {"maybe BOLT 1", "maybe BOLT 2", "maybe BOLT 3", "maybe BOLT 4"})
    network(banner(host, text, 1));
  network(banner(host, "ACME", 2));
  const Device* device = network.find("02:00:00:00:00:01");
  REQUIRE(device != nullptr);
  CHECK(verdict_text(*device) == "acme probable 0.900");
  CHECK(device->is_flagged);
  network(banner(host, "maybe BOLT 5", 3));
  CHECK(verdict_text(*device) == "acme probable 0.900");
  CHECK(network.inventory.counters().claims_refused == 2);
}

TEST_CASE("Bounds: nobody makes a flagged device vanish by claiming its address", "[inventory]") {
  Network network;
  Host far = behind("00:e1:00:00:00:99", "10.0.0.9");
  far.is_beyond_router = true;
  network(banner(far, "ACME", 1));
  REQUIRE(network.find("10.0.0.9"));
  network(binding("00:e0:f0:00:00:07", "10.0.0.9", 2));  // Bolt's
  REQUIRE(network.find("10.0.0.9"));
  CHECK(network.find("10.0.0.9")->is_flagged);
  network(binding("00:e1:00:00:00:07", "10.0.0.9", 3));  // of whom the rules do not know
  CHECK_FALSE(network.find("10.0.0.9"));
  CHECK(network.find("00:e1:00:00:00:07")->is_flagged);
}

TEST_CASE("Bounds: addresses, MAC addresses and names of a device, each", "[inventory]") {
  Network network({.addresses_per_device = 2});
  Host host = station(secret(1), "fe80::1");
  network(sighting(host, 1));
  network(sighting(station(secret(1), "fe80::2"), 1));
  network(sighting(station(secret(1), "fe80::2"), 2));
  CHECK(network.inventory.counters().addresses_refused == 0);
  network(sighting(station(secret(1), "fe80::3"), 3));
  CHECK(network.inventory.counters().addresses_refused == 1);
  for (const char* name : {"one", "two", "two", "three"})
    network(fact(host, Protocol::lldp, Field::system_name, name, 4));
  CHECK(network.inventory.counters().addresses_refused == 2);
  for (size_t i = 2; i <= 4; ++i)
    network(fact(host, Protocol::sadp, Field::device_mac, secret(i), 5));
  CHECK(network.inventory.counters().addresses_refused == 4);
  const Device* device = network.find(secret(1));
  CHECK(addresses(*device) == Lines{"fe80::1", "fe80::2"});
  CHECK(device->names == Lines{"one", "two"});
  CHECK(device->macs == std::vector{parse_mac(secret(1)).value(), parse_mac(secret(2)).value()});
}

TEST_CASE("Bounds: an address with proof takes the place of one without", "[inventory]") {
  Network network({.addresses_per_device = 2});
  network(sighting(station(secret(1), "fe80::1"), 1));
  network(binding(secret(1), "10.0.0.1", 2));
  network(binding(secret(1), "10.0.0.2", 3));
  CHECK(addresses(*network.find(secret(1))) == Lines{"10.0.0.2 bound", "10.0.0.1 bound"});
  CHECK(network.inventory.counters().addresses_refused == 1);
  CHECK(owner_of(network, "10.0.0.2") == secret(1));
  network(binding(secret(1), "10.0.0.3", 4));
  CHECK(network.inventory.counters().addresses_refused == 2);
  CHECK(owner_of(network, "10.0.0.3") == "10.0.0.3");
}

TEST_CASE("Bounds: a device that gives way frees its bindings", "[inventory]") {
  Network network({.devices = 3});
  network(binding(secret(1), "10.0.0.1", 1));
  network(binding(secret(2), "10.0.0.2", 2));
  network(binding(secret(2), "10.0.0.1", 3));  // it is the second's by now
  for (size_t i = 3; i <= 4; ++i) network(sighting(station(secret(i)), 4));
  CHECK_FALSE(network.find(secret(1)));
  CHECK(owner_of(network, "10.0.0.1") == secret(2));
  Network other({.devices = 3});
  other(binding(secret(1), "10.0.0.1", 1));
  for (size_t i = 2; i <= 4; ++i) other(sighting(station(secret(i)), 4));
  CHECK(owner_of(other, "10.0.0.1") == "10.0.0.1");
}

TEST_CASE("Bounds: one MAC that claims every address leaves room for the others' bindings",
          "[inventory]") {
  Network network({.devices = 8, .addresses_per_device = 4});
  for (int i = 0; i < 1000; ++i)
    network(binding(secret(1), fmt::format("10.7.{}.{}", i / 250, 1 + i % 250), i));
  CHECK(network.inventory.counters().addresses_refused == 996);
  CHECK(network.inventory.counters().bindings_refused == 0);
  network(binding(secret(2), "10.0.0.2", 1000));
  CHECK(network.inventory.counters().bindings_refused == 0);
  CHECK(owner_of(network, "10.0.0.2") == secret(2));
  CHECK(owner_of(network, "10.7.0.1") == secret(1));
  CHECK(owner_of(network, "10.7.3.1") == "10.7.3.1");
}

TEST_CASE("Bounds: bindings come and go with the devices that made them", "[inventory]") {
  Network network({.devices = 8, .addresses_per_device = 4});
  for (size_t i = 0; i < 2000; ++i)
    network(binding(secret(i), fmt::format("10.{}.{}.1", i / 200, i % 200), 1));
  CHECK(network.inventory.counters().bindings_refused == 0);
  CHECK(network.inventory.counters().devices_evicted == 1992);
  CHECK(owner_of(network, "10.9.199.1") == secret(1999));
}
