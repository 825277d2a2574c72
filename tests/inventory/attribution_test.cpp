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
  Device at_mac;
  at_mac.role = role;
  auto found = attribution.attribute(sighting(host, 0), &at_mac);
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
  // Its own words count also where it forwards for others, but not those of a shared address.
  CHECK(bearer(attribution, station(camera, "192.0.2.1"), Role::router) == own);
  CHECK(bearer(attribution, station(camera, "192.0.2.1"), Role::virtual_) == "ip 192.0.2.1 firm");
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
  Attribution attribution(16);
  auto note = [&](Device& device, std::string_view source) -> std::string {
    auto reason = attribution.note_source(device, sighting(behind(gateway, source), 0));
    return reason ? std::string(reason->rule) : "";
  };
  Device four;
  CHECK(note(four, "192.0.2.1").empty());
  CHECK(note(four, "192.0.2.2").empty());
  CHECK(note(four, "192.0.2.1").empty());
  CHECK(note(four, "192.0.2.3").empty());
  CHECK(note(four, "198.51.100.1") == "many-sources");

  Device one_prefix;
  for (int i = 1; i < 100; ++i) CHECK(note(one_prefix, "2001:db8::" + std::to_string(i)).empty());
  CHECK(one_prefix.unbound.size() == 1);
  CHECK(note(one_prefix, "2001:db8:0:1::1").empty());
  CHECK(note(one_prefix, "192.0.2.1").empty());
  CHECK(note(one_prefix, "2001:db8:0:2::1") == "many-sources");

  Device beyond;
  Observation far = sighting(behind(gateway, "192.0.2.1"), 0);
  far.host.is_beyond_router = true;
  CHECK(attribution.note_source(beyond, far).value().rule == "from-outside");
  far.host.was_forwarded = true;
  auto reason = attribution.note_source(beyond, far);
  CHECK(reason.value().rule == "forwarded-packet");
  CHECK(reason.value().text == "forwarded a packet of 192.0.2.1");

  for (Role role : {Role::router, Role::virtual_}) {
    Device known;
    known.role = role;
    for (const char* source : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"})
      CHECK(note(known, source).empty());
    CHECK(known.unbound.empty());
  }
}

TEST_CASE("Attribution: who answers for three and forwards for one of them is an ARP proxy",
          "[attribution]") {
  Attribution attribution(16);
  Device device;
  auto answers = [&](std::string_view address) {
    REQUIRE(attribution.bind({}, ip(address), mac(gateway)));
    device.addresses.push_back({ip(address), true});
  };
  Observation odd = sighting(behind(gateway, "192.0.2.2"), 0);
  odd.host.is_beyond_router = odd.host.was_forwarded = true;
  answers("192.0.2.1");
  answers("192.0.2.2");
  // Two may be a host's own, which starts at an odd hop limit.
  CHECK_FALSE(attribution.note_source(device, odd));
  auto found = attribution.attribute(odd, &device).value();
  CHECK(found.key.mac == mac(gateway));
  CHECK_FALSE(found.is_firm);
  answers("192.0.2.3");
  Observation plain = sighting(behind(gateway, "192.0.2.2"), 0);
  CHECK_FALSE(attribution.note_source(device, plain));
  CHECK(attribution.note_source(device, odd).value().rule == rule_arp_proxy);
  CHECK(device.is_arp_proxy);
  CHECK_FALSE(attribution.note_source(device, odd));  // said once
  CHECK(attribution.attribute(odd, &device).value().key.ip == ip("192.0.2.2"));
  CHECK(attribution.attribute(plain, &device).value().key.mac == mac(gateway));
}

TEST_CASE("Guests are told by the prefixes of hypervisors and container engines", "[attribution]") {
  for (const char* text :
       {"00:50:56:00:00:01", "00:0c:29:ff:ff:ff", "08:00:27:00:00:01", "52:54:00:12:34:56",
        "00:16:3e:00:00:01", "00:15:5d:00:00:01", "02:42:ac:11:00:02", "00:1c:42:00:00:01"}) {
    INFO(text);
    CHECK(is_guest(mac(text)));
  }
  for (const char* text : {"00:50:57:00:00:01", "02:43:ac:11:00:02", "06:42:ac:11:00:02",
                           "52:54:01:12:34:56", "00:00:00:00:00:00"}) {
    INFO(text);
    CHECK_FALSE(is_guest(mac(text)));
  }
}
