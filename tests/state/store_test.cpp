// SPDX-License-Identifier: Apache-2.0
// The store: what goes in comes out again, whoever has touched the file meanwhile.
#include "state/store.hpp"

#include <fstream>

#include "state/schema.hpp"
#include "state/writer.hpp"
#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

const Names kNames{{"east", "west"}, {"east", "west", "a.pcap"}, "sensor"};

Claim claim(Aspect aspect, std::string value) {
  Claim claim;
  claim.aspect = aspect;
  claim.value = std::move(value);
  claim.supplier = "acme";
  claim.certainty = 0.9;
  claim.rule = "acme-rule";
  claim.protocol = Protocol::lldp;
  claim.field = Field::system_description;
  claim.text = "Acme «9000» 'x'";
  claim.frame = 4'000'000'000'000;
  claim.source = 2;
  claim.time = at(7);
  return claim;
}

/// One with something in everything that is kept.
Device full_device() {
  Device device;
  device.key.context.tap = 1;
  device.key.context.vlan = {};
  device.key.context.vlan[0] = 10;
  device.key.context.vlan[1] = 20;
  device.key.context.vlan_count = 2;
  device.key.context.tunnel = Tunnel::vxlan;
  device.key.context.tunnel_id = 4'000'000'000;
  device.key.mac = parse_mac("00:e0:fc:00:00:01").value();
  HostKey alias = device.key;
  alias.mac = {};
  alias.ip = IpAddress::parse("2001:db8::1").value();
  device.aliases = {alias};
  device.id = "0123456789abcdef";
  device.role = Role::router;
  device.role_claim = claim(Aspect::role, "router");
  device.macs = {device.key.mac, parse_mac("00:e0:fc:00:00:02").value()};
  device.addresses = {{IpAddress::parse("192.0.2.1").value(), true},
                      {IpAddress::parse("fe80::1").value(), false}};
  device.names = {"core", "Ключ"};
  device.registrant = "Acme Ltd";
  device.location_switch = "sw1";
  device.location_port = "3";
  device.evidence = {{claim(Aspect::platform, "Acme"), alias.ip, true},
                     {claim(Aspect::serial, "S/N 1"), {}, false}};
  device.first_seen = at(1);
  device.last_seen = at(9) + 123ns;
  device.heard = at(10);
  device.returned = at(8);
  device.away = 50h;
  device.packets = 1'000'000'000'000;
  device.is_arp_proxy = true;
  device.proofs = {1, UINT64_MAX};
  device.former_ids = {"1111111111111111", "2222222222222222"};
  device.presences = {{device.key.context, at(10)}, {alias.context, at(4)}};
  return device;
}

void check_same(const Device& found, const Device& wanted) {
  CHECK(found.key == wanted.key);
  CHECK(found.aliases == wanted.aliases);
  CHECK(found.id == wanted.id);
  CHECK(found.role == wanted.role);
  REQUIRE(found.role_claim.has_value());
  CHECK(found.role_claim->text == wanted.role_claim->text);
  CHECK(found.macs == wanted.macs);
  REQUIRE(found.addresses.size() == wanted.addresses.size());
  for (size_t i = 0; i < found.addresses.size(); ++i) {
    CHECK(found.addresses[i].ip == wanted.addresses[i].ip);
    CHECK(found.addresses[i].is_bound == wanted.addresses[i].is_bound);
  }
  CHECK(found.names == wanted.names);
  CHECK(found.registrant == wanted.registrant);
  CHECK(found.location_switch == wanted.location_switch);
  CHECK(found.location_port == wanted.location_port);
  REQUIRE(found.evidence.size() == wanted.evidence.size());
  for (size_t i = 0; i < found.evidence.size(); ++i) {
    const Claim &one = found.evidence[i].claim, &other = wanted.evidence[i].claim;
    CHECK(one.aspect == other.aspect);
    CHECK(one.value == other.value);
    CHECK(one.supplier == other.supplier);
    CHECK(one.certainty == other.certainty);
    CHECK(one.rule == other.rule);
    CHECK(one.protocol == other.protocol);
    CHECK(one.field == other.field);
    CHECK(one.text == other.text);
    CHECK(one.frame == other.frame);
    CHECK(one.time == other.time);
    CHECK(found.evidence[i].ip == wanted.evidence[i].ip);
    CHECK(found.evidence[i].is_firm == wanted.evidence[i].is_firm);
  }
  CHECK(found.first_seen == wanted.first_seen);
  CHECK(found.last_seen == wanted.last_seen);
  CHECK(found.heard == wanted.heard);
  CHECK(found.returned == wanted.returned);
  CHECK(found.away == wanted.away);
  CHECK(found.packets == wanted.packets);
  CHECK(found.is_arp_proxy == wanted.is_arp_proxy);
  CHECK(found.proofs == wanted.proofs);
  CHECK(found.former_ids == wanted.former_ids);
  REQUIRE(found.presences.size() == wanted.presences.size());
  for (size_t i = 0; i < found.presences.size(); ++i) {
    CHECK(found.presences[i].context == wanted.presences[i].context);
    CHECK(found.presences[i].heard == wanted.presences[i].heard);
  }
}

Alert alert_with(size_t events) {
  Alert alert;
  alert.id = "fedcba9876543210";
  alert.device = "0123456789abcdef";
  alert.policy = "ban";
  alert.supplier = "acme";
  alert.scope = "all, 'and' more";
  alert.severity = Severity::critical;
  alert.aspect = Aspect::brand;
  alert.state = AlertState::authorised;
  alert.is_standing = false;
  alert.raised = at(1);
  alert.changed = at(2);
  alert.heard = at(3);
  alert.returned = at(4);
  alert.actor = "ada (root)";
  alert.reason = "a museum\nof sorts";
  alert.until = at(5);
  alert.facts = {Grade::confirmed,
                 {"lldp", "registry"},
                 {"bolt"},
                 {{"tap east, VLAN 10", "east", "sw1"}, {"tap west", "west"}}};
  alert.subjects = {"00:e0:fc:00:00:01", alert.device};
  for (size_t i = 0; i < events; ++i) {
    if (alert.timeline.size() == Alert::timeline_max)
      alert.timeline.erase(alert.timeline.begin() + 1);
    alert.timeline.push_back({.id = std::to_string(i),
                              .kind = i == 0 ? AlertEventKind::raised : AlertEventKind::reminded,
                              .state = AlertState::open,
                              .time = at(static_cast<int64_t>(i)),
                              .changes = {"one", "two: \"three\""},
                              .actor = "ada",
                              .reason = "why",
                              .until = at(9),
                              .is_told = i % 2 == 0,
                              .is_held = i % 3 == 0});
  }
  alert.events = events;
  return alert;
}

}  // namespace

TEST_CASE("Store: a device with everything in it comes back", "[state]") {
  Directory directory;
  auto file = directory.path() / "state.db";
  Device device = full_device();
  { Store(file).save(device, kNames, true); }
  Names names{{"west", "east"}, {"west", "east"}, "sensor"};  // in another order
  Store::Restored restored = Store(file).restore(names, 10);
  REQUIRE(restored.devices.size() == 1);
  device.key.context.tap = device.aliases[0].context.tap = 0;
  for (Presence& presence : device.presences) presence.context.tap = 0;
  check_same(restored.devices[0], device);
  CHECK(names.source(restored.devices[0].evidence[0].claim.source) == "a.pcap");
  CHECK(restored.unreadable == 0);
}

TEST_CASE(
    "Store: first seen is never later than it was, and taps that are not there are left alone",
    "[state]") {
  Directory directory;
  auto file = directory.path() / "state.db";
  Device device = full_device();
  {
    Store store(file);
    store.save(device, kNames, true);
    device.first_seen = at(5);
    device.names = {"new"};
    store.save(device, kNames, false);
  }
  Names elsewhere{{"north"}, {"north"}, "sensor"};
  CHECK(Store(file).restore(elsewhere, 10).devices.empty());
  Names names = kNames;
  Store::Restored restored = Store(file).restore(names, 10);
  REQUIRE(restored.devices.size() == 1);
  CHECK(restored.devices[0].first_seen == at(1));
  CHECK(restored.devices[0].names == std::vector<std::string>{"new"});
  CHECK(restored.devices[0].evidence.size() == 2);
}

TEST_CASE("Store: a device that turned out to be another does not come back", "[state]") {
  Directory directory;
  auto file = directory.path() / "state.db";
  Device device = full_device(), gone = full_device();
  gone.id = "1111111111111111";
  gone.key.mac = parse_mac("00:e0:fc:00:00:77").value();
  gone.aliases.clear();
  {
    Store store(file);
    store.save(gone, kNames, true);
    device.former_ids.clear();
    store.save(device, kNames, true);
    device.former_ids = {gone.id};
    store.save(device, kNames, true);
  }
  Names names = kNames;
  Store::Restored restored = Store(file).restore(names, 10);
  REQUIRE(restored.devices.size() == 1);
  check_same(restored.devices[0], device);
}

TEST_CASE("Store: places of an alert as they were written before they had a port each", "[state]") {
  Directory directory;
  auto file = directory.path() / "state.db";
  { Store(file).save(alert_with(1)); }
  Database(file, state_migrations, 100ms)
      .run(
          "UPDATE alerts SET more = json_set(more, '$.places', json('[\"tap east\"]'), "
          "'$.location', 'sw1 port 3')");
  Names names = kNames;
  Store::Restored restored = Store(file).restore(names, 10);
  REQUIRE(restored.alerts.size() == 1);
  REQUIRE(restored.alerts[0].facts.places.size() == 1);
  CHECK(restored.alerts[0].facts.places[0].name == "tap east");
  CHECK(restored.alerts[0].facts.places[0].location == "sw1 port 3");
}

TEST_CASE("Store: an alert comes back with its timeline, however long", "[state]") {
  for (size_t events : {size_t{1}, Alert::timeline_max, 3 * Alert::timeline_max}) {
    Directory directory;
    auto file = directory.path() / "state.db";
    Alert alert = alert_with(events);
    {
      Store store(file);
      if (events > 1) store.save(alert_with(events / 2));  // as it was before
      store.save(alert);
    }
    Names names = kNames;
    Store::Restored restored = Store(file).restore(names, 10);
    REQUIRE(restored.alerts.size() == 1);
    CHECK((restored.alerts[0] == alert));
  }
}

TEST_CASE("Store: of a timeline there is no more than an alert has in memory", "[state]") {
  Directory directory;
  auto file = directory.path() / "state.db";
  Store store(file);
  Database beside(file, state_migrations, 1s);
  auto rows = [&] {
    Statement count = beside.prepare("SELECT count(*), max(place) FROM timeline");
    REQUIRE(count.step());
    return std::pair(count.number(0), count.number(1));
  };
  for (size_t events = 1; events <= 3 * Alert::timeline_max; ++events) {
    store.save(alert_with(events));
    REQUIRE(rows() == std::pair(static_cast<int64_t>(std::min(events, Alert::timeline_max)),
                                static_cast<int64_t>(events) - 1));
  }
  store.save(alert_with(2));  // it has begun anew, and nobody could say that it was forgotten
  CHECK(rows() == std::pair<int64_t, int64_t>(2, 1));
}

TEST_CASE("Store: an alert was heard of when its device was, of whatever tap that is", "[state]") {
  for (AlertState state : {AlertState::authorised, AlertState::resolved}) {
    Directory directory;
    Store store(directory.path() / "state.db");
    Alert alert = alert_with(1);
    alert.state = state;
    Device device = full_device();
    device.heard = at(50);
    store.save(alert);
    store.save(device, kNames, true);
    Names elsewhere{{"north"}, {"north"}, "sensor"};
    Store::Restored restored = store.restore(elsewhere, 10);
    CHECK(restored.devices.empty());
    REQUIRE(restored.alerts.size() == 1);
    // That who was gone is back, the device itself has still to tell.
    CHECK(restored.alerts[0].heard == (state == AlertState::resolved ? at(3) : at(50)));
  }
}

TEST_CASE("Store: devices of taps that are not there take nobody's room", "[state]") {
  Directory directory;
  Store store(directory.path() / "state.db");
  Device device = full_device();
  device.key.context.tap = device.aliases[0].context.tap = 0;
  store.save(device, kNames, true);
  device.key.context.tap = device.aliases[0].context.tap = 1;
  for (int i = 0; i < 5; ++i) {
    device.id = std::to_string(i);
    device.last_seen = at(1000 + i);
    store.save(device, kNames, true);
  }
  Names names{{"east"}, {"east"}, "sensor"};
  Store::Restored restored = store.restore(names, 1);
  REQUIRE(restored.devices.size() == 1);
  CHECK(restored.devices[0].id == full_device().id);
}

TEST_CASE("Store: numbers that somebody has spoilt are left out and counted", "[state]") {
  Directory directory;
  auto file = directory.path() / "state.db";
  Store store(file);
  store.save(alert_with(3));
  store.save_sign_of_life(Timestamp(99ns), 15ns, 6);
  Database(file, state_migrations, 1s)
      .run(
          "UPDATE meta SET value = '12 monkeys' WHERE key = 'seed';"
          "UPDATE meta SET value = '99999999999999999999' WHERE key = 'idle'");
  Names names = kNames;
  Store::Restored restored = store.restore(names, 10);
  CHECK(restored.unreadable == 2);
  CHECK_FALSE(restored.seed.has_value());
  CHECK(restored.idle == 0ns);
  CHECK(restored.stopped == Timestamp(99ns));
  CHECK(restored.alerts.size() == 1);
}

TEST_CASE("Store: a forgotten alert goes with its timeline, and then its device may", "[state]") {
  Directory directory;
  auto file = directory.path() / "state.db";
  Store store(file);
  Alert alert = alert_with(3), other = alert_with(2);
  other.id = "other";
  other.device = "another";
  store.save(alert);
  store.save(other);
  store.save(full_device(), kNames, true);
  store.forget_devices(at(1000), 10);
  Names names = kNames;
  CHECK(store.restore(names, 10).devices.size() == 1);
  store.forget_alert(alert.id);
  store.forget_devices(at(1000), 10);
  Store::Restored restored = store.restore(names, 10);
  CHECK(restored.devices.empty());
  REQUIRE(restored.alerts.size() == 1);
  CHECK((restored.alerts[0] == other));
  Database beside(file, state_migrations, 1s);
  Statement rows = beside.prepare("SELECT count(*) FROM timeline");
  REQUIRE(rows.step());
  CHECK(rows.number(0) == 2);
}

TEST_CASE("Store: what nobody wrote so is left out and counted, and the rest is not lost",
          "[state]") {
  Directory directory;
  auto file = directory.path() / "state.db";
  Alert good = alert_with(3), bad = alert_with(3);
  {
    Store store(file);
    store.save(good);
    store.save(full_device(), kNames, true);
  }
  const char* spoilt[] = {
      "UPDATE alerts SET state = 7",    "UPDATE alerts SET severity = -1",
      "UPDATE alerts SET aspect = 99",  "UPDATE alerts SET more = '{'",
      "UPDATE alerts SET more = '[]'",  "UPDATE timeline SET kind = 11 WHERE place = 1",
      "UPDATE timeline SET state = 99", "UPDATE timeline SET changes = 'x'",
      "DELETE FROM timeline",           "UPDATE devices SET more = x'00ff'"};
  for (const char* statement : spoilt) {
    INFO(statement);
    bool is_device = std::string_view(statement).contains("devices");
    bad.id = "aaaa";
    Device device = full_device();
    device.id = "bbbb";
    {
      Store store(file);
      store.save(bad);
      store.save(device, kNames, true);
      Database database(file, state_migrations, 1s);
      std::string where = std::string_view(statement).contains("timeline") ? "alert = 'aaaa'"
                          : is_device                                      ? "id = 'bbbb'"
                                                                           : "id = 'aaaa'";
      std::string text = statement;
      text += (text.contains("WHERE") ? " AND " : " WHERE ") + where;
      database.run(text.c_str());
    }
    Names names = kNames;
    Store::Restored restored = Store(file).restore(names, 10);
    CHECK(restored.unreadable == 1);
    CHECK(restored.alerts.size() == (is_device ? 2 : 1));
    CHECK(restored.devices.size() == (is_device ? 1 : 2));
    Database database(file, state_migrations, 1s);
    database.run("DELETE FROM timeline WHERE alert = 'aaaa'; DELETE FROM alerts WHERE id = 'aaaa'");
  }
}

TEST_CASE("Store: a state of version 1 goes on", "[state]") {
  Directory directory;
  auto file = directory.path() / "state.db";
  {
    Database old(file, std::span(state_migrations).first(1), 1s);
    old.run("INSERT INTO meta VALUES('seed', '5'); INSERT INTO meta VALUES('sign_of_life', '77')");
  }
  Store store(file);
  Deliveries deliveries{1, 2, 3, 4, 5, 6, 7};
  store.save("siem", deliveries);
  Names names = kNames;
  Store::Restored restored = store.restore(names, 10);
  CHECK(restored.seed == 5);
  CHECK(restored.stopped == Timestamp(77ns));
  CHECK(restored.deliveries == std::map<std::string, Deliveries>{{"siem", deliveries}});
  CHECK(restored.idle == 0ns);
  store.save_sign_of_life(Timestamp(99ns), 15ns, 6);
  restored = store.restore(names, 10);
  CHECK(restored.seed == 6);
  CHECK(restored.stopped == Timestamp(99ns));
  CHECK(restored.idle == 15ns);
}

TEST_CASE("Store: what is damaged is moved aside, with all that belongs to it", "[state]") {
  Directory directory;
  auto file = directory.write(
      "state.db", "no database, and long enough to be looked at: " + std::string(4096, 'x'));
  directory.write("state.db-wal", "its log");
  std::string moved;
  auto store = open_store(file, moved);
  CHECK(moved == file.string() + ".damaged-1");
  CHECK(std::filesystem::exists(moved));
  store->save(alert_with(2));
  store.reset();
  directory.write("state.db", std::string(4096, 'y'));
  open_store(file, moved);
  CHECK(moved == file.string() + ".damaged-2");
}

TEST_CASE("Store: forgets devices that were not seen for long, and never one with an alert",
          "[state]") {
  Directory directory;
  Store store(directory.path() / "state.db");
  for (int i = 0; i < 10; ++i) {
    Device device = full_device();
    device.id = std::to_string(i);
    device.last_seen = at(i * 100);
    store.save(device, kNames, true);
  }
  Alert alert = alert_with(1);
  alert.device = "0";
  store.save(alert);
  store.forget_devices(at(250), 5);
  Names names = kNames;
  std::vector<std::string> ids;
  for (const Device& device : store.restore(names, 100).devices) ids.push_back(device.id);
  CHECK(ids == std::vector<std::string>{"0", "9", "8", "7", "6", "5"});
}
