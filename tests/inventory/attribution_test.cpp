// SPDX-License-Identifier: Apache-2.0
#include "inventory/attribution.hpp"

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr std::string_view camera = "00:e0:fc:00:00:01";
constexpr std::string_view gateway = "00:e1:00:00:00:01";

Mac mac(std::string_view text) { return parse_mac(text).value(); }
IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

/// "mac 00:… firm", "ip 192.0.2.1 firm", "nobody".
std::string bearer(const Attribution& attribution, const Host& host, Role role = Role::station) {
  auto found = attribution.attribute(sighting(host, 0), role);
  if (!found) return "nobody";
  CHECK(static_cast<bool>(found->key.mac) != static_cast<bool>(found->key.ip));
  return (found->key.mac ? "mac " + to_string(found->key.mac) : "ip " + to_string(found->key.ip)) +
         (found->is_firm ? " firm" : "");
}

}  // namespace

TEST_CASE("First-hop redundancy addresses are told from their neighbours", "[attribution]") {
  for (const char* text :
       {"00:00:5e:00:01:00", "00:00:5e:00:01:ff", "00:00:5e:00:02:07", "00:00:0c:07:ac:00",
        "00:00:0c:07:ac:ff", "00:00:0c:9f:f0:00", "00:00:0c:9f:ff:ff", "00:05:73:a0:00:00",
        "00:05:73:a0:0f:ff", "00:07:b4:00:01:02", "00:07:b4:00:ff:ff"}) {
    INFO(text);
    CHECK(is_virtual(mac(text)));
  }
  for (const char* text :
       {"00:00:5e:00:00:01", "00:00:5e:00:03:01", "00:00:5e:00:53:01", "01:00:5e:00:01:01",
        "00:00:5f:00:01:01", "00:00:0c:07:ab:00", "00:00:0c:07:ad:00", "00:00:0c:9f:e0:00",
        "00:00:0c:9e:f0:00", "00:05:73:a0:10:00", "00:05:73:a1:00:00", "00:07:b4:01:00:00",
        "00:07:b3:00:00:00", "00:00:00:00:00:00"}) {
    INFO(text);
    CHECK_FALSE(is_virtual(mac(text)));
  }
}

TEST_CASE("Attribution: what came with the host's own MAC is that MAC's", "[attribution]") {
  Attribution attribution(16);
  std::string own = "mac " + std::string(camera) + " firm";
  CHECK(bearer(attribution, station(camera, "192.0.2.1")) == own);
  CHECK(bearer(attribution, station(camera)) == own);
  CHECK(bearer(attribution, behind(camera, "")) == own);
  CHECK(bearer(attribution, behind(camera, "0.0.0.0")) == own);  // as from DHCP
  // Its own words count also where it forwards for others.
  CHECK(bearer(attribution, station(camera, "192.0.2.1"), Role::router) == own);
}

TEST_CASE("Attribution: an IP without proof is the MAC's until that turns out to be a router's",
          "[attribution]") {
  Attribution attribution(16);
  Host host = behind(gateway, "198.51.100.7");
  CHECK(bearer(attribution, host) == "mac " + std::string(gateway));
  for (Role role : {Role::router, Role::virtual_})
    CHECK(bearer(attribution, host, role) == "ip 198.51.100.7 firm");
  host.is_beyond_router = true;
  CHECK(bearer(attribution, host) == "ip 198.51.100.7 firm");
  CHECK(bearer(attribution, behind("", "198.51.100.7")) == "ip 198.51.100.7 firm");
}

TEST_CASE("Attribution: a group address is nobody's MAC, and some addresses nobody's IP",
          "[attribution]") {
  Attribution attribution(16);
  CHECK(bearer(attribution, behind("01:00:5e:00:00:01", "")) == "nobody");
  CHECK(bearer(attribution, station("01:00:5e:00:00:01")) == "nobody");
  CHECK(bearer(attribution, behind("01:00:5e:00:00:01", "192.0.2.1")) == "ip 192.0.2.1 firm");
  for (const char* none :
       {"", "0.0.0.0", "255.255.255.255", "224.0.0.1", "127.0.0.1", "::", "::1", "ff02::1"}) {
    INFO(none);
    CHECK(bearer(attribution, behind("", none)) == "nobody");
  }
}

TEST_CASE("Attribution: a binding wins, in its own context alone", "[attribution]") {
  Attribution attribution(16);
  Context other;
  other.vlan[0] = 10;
  other.vlan_count = 1;
  REQUIRE(attribution.bind({}, ip("192.0.2.1"), mac(camera)));
  std::string bound = "mac " + std::string(camera) + " firm";
  CHECK(bearer(attribution, behind(gateway, "192.0.2.1")) == bound);
  CHECK(bearer(attribution, behind(gateway, "192.0.2.1"), Role::router) == bound);
  CHECK(bearer(attribution, behind("", "192.0.2.1")) == bound);
  CHECK(bearer(attribution, behind(gateway, "192.0.2.2"), Role::router) == "ip 192.0.2.2 firm");
  CHECK(attribution.bound({}, ip("192.0.2.1")) == mac(camera));
  CHECK_FALSE(attribution.bound(other, ip("192.0.2.1")));
  CHECK_FALSE(attribution.bound({}, ip("::ffff:192.0.2.1")));
  REQUIRE(attribution.bind({}, ip("192.0.2.1"), mac(gateway)));  // the last word counts
  CHECK(attribution.bound({}, ip("192.0.2.1")) == mac(gateway));
}

TEST_CASE("Attribution: bindings have a bound, and only their own MAC frees them",
          "[attribution]") {
  Attribution attribution(2);
  CHECK(attribution.bind({}, ip("192.0.2.1"), mac(camera)));
  CHECK(attribution.bind({}, ip("192.0.2.2"), mac(camera)));
  CHECK_FALSE(attribution.bind({}, ip("192.0.2.3"), mac(camera)));
  CHECK_FALSE(attribution.bind({}, ip("192.0.2.3"), mac(gateway)));
  CHECK(attribution.refused() == 2);
  CHECK_FALSE(attribution.bound({}, ip("192.0.2.3")));
  CHECK(attribution.bind({}, ip("192.0.2.2"), mac(gateway)));  // one that is there may change
  attribution.release({}, ip("192.0.2.2"), mac(camera));       // it is another's by now
  CHECK(attribution.bound({}, ip("192.0.2.2")) == mac(gateway));
  attribution.release({}, ip("192.0.2.2"), mac(gateway));
  attribution.release({}, ip("192.0.2.9"), mac(gateway));
  CHECK_FALSE(attribution.bound({}, ip("192.0.2.2")));
  CHECK(attribution.bind({}, ip("192.0.2.3"), mac(camera)));
  CHECK(attribution.refused() == 2);
}

TEST_CASE("Attribution: four unbound sources make a router, IPv6 by its prefix", "[attribution]") {
  auto note = [](Device& device, std::string_view source) {
    return Attribution::note_source(device, sighting(behind(gateway, source), 0));
  };
  Device four;
  CHECK_FALSE(note(four, "192.0.2.1"));
  CHECK_FALSE(note(four, "192.0.2.2"));
  CHECK_FALSE(note(four, "192.0.2.1"));
  CHECK_FALSE(note(four, "192.0.2.3"));
  CHECK(note(four, "198.51.100.1"));

  Device one_prefix;
  for (int i = 1; i < 100; ++i) CHECK_FALSE(note(one_prefix, "2001:db8::" + std::to_string(i)));
  CHECK(one_prefix.unbound.size() == 1);
  CHECK_FALSE(note(one_prefix, "2001:db8:0:1::1"));
  CHECK_FALSE(note(one_prefix, "192.0.2.1"));
  CHECK(note(one_prefix, "2001:db8:0:2::1"));

  Device beyond;
  Observation far = sighting(behind(gateway, "192.0.2.1"), 0);
  far.host.is_beyond_router = true;
  CHECK(Attribution::note_source(beyond, far));

  for (Role role : {Role::router, Role::virtual_}) {
    Device known;
    known.role = role;
    for (const char* source : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"})
      CHECK_FALSE(note(known, source));
    CHECK(known.unbound.empty());
  }
}
