// SPDX-License-Identifier: Apache-2.0
#include "inventory/device.hpp"

#include "support/catch.hpp"

using namespace tapwarden;

TEST_CASE("Device: no two tables hash alike, and a table that is moved goes on as it was",
          "[inventory]") {
  HostKey key{{}, mac_from(0x00e0fc000001), {}};
  HostKey other{{}, {}, IpAddress::parse("192.0.2.1").value()};
  HostKeyHash one, two;
  CHECK(one(key) == one(key));
  CHECK(one(key) != one(other));
  CHECK(one(key) != two(key));
  HostKeyHash copied = one;
  CHECK(copied(key) == one(key));
}

TEST_CASE("Device: every part of a key counts", "[inventory]") {
  HostKeyHash hash;
  HostKey key{{}, mac_from(1), {}};
  size_t first = hash(key);
  for (auto change :
       {+[](HostKey& k) { k.context.tap = 1; }, +[](HostKey& k) { k.context.vlan_count = 1; },
        +[](HostKey& k) { k.context.vlan[3] = 1; },
        +[](HostKey& k) { k.context.tunnel = Tunnel::gre; },
        +[](HostKey& k) { k.context.tunnel_id = 1; }, +[](HostKey& k) { k.mac = mac_from(2); },
        +[](HostKey& k) { k.ip = IpAddress::parse("0.0.0.0").value(); }}) {
    HostKey changed = key;
    change(changed);
    CHECK_FALSE(changed == key);
    CHECK(hash(changed) != first);
  }
}

TEST_CASE("Device: the best claim is the most certain, of equals the first", "[inventory]") {
  Device device;
  CHECK(best(device, Aspect::model) == nullptr);
  auto say = [&](Aspect aspect, const char* value, double certainty) {
    Evidence evidence;
    evidence.claim.aspect = aspect;
    evidence.claim.value = value;
    evidence.claim.certainty = certainty;
    device.evidence.push_back(evidence);
  };
  say(Aspect::brand, "brand", 1);
  CHECK(best(device, Aspect::model) == nullptr);
  say(Aspect::model, "weak", 0.2);
  say(Aspect::model, "first", 0.7);
  say(Aspect::model, "second", 0.7);
  CHECK(best(device, Aspect::model)->value == "first");
  CHECK(best(device, Aspect::brand)->value == "brand");
}
