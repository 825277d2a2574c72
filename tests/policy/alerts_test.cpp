// SPDX-License-Identifier: Apache-2.0
// Promise 6: one device, one policy entry: one alert, however many packets.
#include "policy/alerts.hpp"

#include "inventory/verdict.hpp"

#include <memory>
#include <set>

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

struct Judged {
  explicit Judged(JudgeSettings given = {.as_of = 2026y / 1 / 1}, AlertSettings life = {})
      : settings(std::move(given)) {
    auto write = [&](std::string id, std::string_view entries) {
      rules.write(id + ".yaml", "id: " + id +
                                    "\ntitle: T\nauthority: A\nkind: guidance\nsource: S\n"
                                    "as_of: 2026-01-01\nentries:\n" +
                                    std::string(entries));
    };
    write("ban",
          "  - {supplier: acme, scope: all, severity: critical, from: 2020-01-01}\n"
          "  - {supplier: acme, scope: cameras, severity: high, until: 2024-12-31}\n"
          "  - {supplier: bolt, scope: all, severity: low}\n");
    write("list", "  - {supplier: acme, scope: all, severity: medium}\n");
    Diagnostics diagnostics;
    std::vector<std::filesystem::path> directories{rules.path()};
    policies = Policies::load(directories, made_up_knowledge().suppliers, diagnostics);
    REQUIRE(told(diagnostics) == Lines{});
    alerts = std::make_unique<Alerts>(
        policies, settings, life, Standpoint{{"tap"}},
        [this](const Alert& alert, const AlertEvent& event, const Device* device) {
          events.push_back(std::string(to_string(event.kind)) + ' ' + alert.policy + ' ' +
                           alert.scope + ": " + std::string(to_string(event.state)) +
                           (event.is_told ? "" : " untold"));
          for (const std::string& change : event.changes) events.back() += ", " + change;
          event_ids.push_back(event.id);
          if (event.kind != AlertEventKind::raised) return;
          REQUIRE(device != nullptr);
          CHECK(alert.device == device->id);
          CHECK(alert.raised == device->last_seen);
          ids.push_back(alert.id);
          raised.push_back(alert.policy + ": " + alert.supplier + ", " + alert.scope);
        });
  }
  /// What happened since the last call.
  Lines news() { return std::exchange(events, {}); }

  Directory rules;
  Policies policies;
  JudgeSettings settings;
  std::unique_ptr<Alerts> alerts;
  Lines raised;
  Lines ids;
  Lines events;
  Lines event_ids;
};

Device device(std::string_view id, std::string_view supplier, Grade grade = Grade::probable) {
  Device device;
  device.id = id;
  device.last_seen = at(60);
  if (!supplier.empty()) device.verdict = Verdict{std::string(supplier), grade, 0.9};
  return device;
}

}  // namespace

TEST_CASE("Alerts: each entry that names the device's supplier raises one", "[alerts]") {
  Judged judged;
  Device camera = device("camera", "acme");
  for (int i = 0; i < 100; ++i) judged.alerts->judge(camera);
  CHECK(judged.raised == Lines{"ban: acme, all", "list: acme, all"});
  CHECK(judged.alerts->size() == 2);
  CHECK(judged.alerts->refused() == 0);
  CHECK(camera.is_flagged);
  CHECK(judged.ids[0] != judged.ids[1]);
  Device other = device("other", "acme");
  judged.alerts->judge(other);
  CHECK(judged.raised.size() == 4);
  CHECK(std::set(judged.ids.begin(), judged.ids.end()).size() == 4);
}

TEST_CASE("Alerts: an alert keeps its id over a restart and whatever else is known", "[alerts]") {
  Judged first;
  Device camera = device("camera", "acme");
  first.alerts->judge(camera);
  Judged second;
  Device later = device("camera", "acme", Grade::confirmed);
  later.last_seen = at(60'000);
  later.addresses.push_back({IpAddress::parse("192.0.2.7").value(), true});
  later.names.push_back("camera");
  second.alerts->judge(later);
  CHECK(first.ids == second.ids);
  std::vector<Hit> hits = second.alerts->hits(later);
  REQUIRE(hits.size() == 2);
  CHECK(alert_of(later, hits[0], {{"tap"}}).id == first.ids[0]);
  CHECK(alert_of(later, hits[1], {{"tap"}}).id == first.ids[1]);
}

TEST_CASE("Alerts: a device that changes its mind is not told of twice", "[alerts]") {
  Judged judged;
  Device camera = device("camera", "acme");
  judged.alerts->judge(camera);
  camera.verdict = Verdict{"bolt", Grade::probable, 0.9};
  judged.alerts->judge(camera);
  CHECK(camera.is_flagged);
  camera.verdict = {};
  judged.alerts->judge(camera);
  CHECK_FALSE(camera.is_flagged);
  camera.verdict = Verdict{"acme", Grade::probable, 0.9};
  judged.alerts->judge(camera);
  CHECK(camera.is_flagged);
  CHECK(judged.raised == Lines{"ban: acme, all", "list: acme, all", "ban: bolt, all"});
}

TEST_CASE("Alerts: they are raised from probable on, unless told otherwise", "[alerts]") {
  auto flags = [](Grade from, Grade grade) {
    Judged judged({.grade = from, .as_of = 2026y / 1 / 1});
    Device camera = device("camera", "acme", grade);
    judged.alerts->judge(camera);
    CHECK(judged.raised.empty() == !camera.is_flagged);
    return camera.is_flagged;
  };
  CHECK(JudgeSettings{}.grade == Grade::probable);
  for (Grade from : {Grade::possible, Grade::probable, Grade::confirmed}) {
    for (Grade grade : {Grade::possible, Grade::probable, Grade::confirmed})
      CHECK(flags(from, grade) == (grade >= from));
  }
}

TEST_CASE("Alerts: no verdict, another supplier, a public host: nothing", "[alerts]") {
  Judged judged;
  Device silent = device("silent", "");
  Device other = device("other", "somebody");
  Device far = device("far", "acme", Grade::confirmed);
  far.role = Role::remote;
  for (Device* one : {&silent, &other, &far}) {
    one->is_flagged = true;
    judged.alerts->judge(*one);
    CHECK_FALSE(one->is_flagged);
  }
  CHECK(judged.raised == Lines{});
  for (Role role : {Role::station, Role::router, Role::routed}) {
    Device near = device("near", "acme");
    near.role = role;
    judged.alerts->judge(near);
    CHECK(near.is_flagged);
  }
  CHECK(judged.raised.size() == 2);
}

TEST_CASE("Alerts: the law of the day that is asked for, and of the policies that are active",
          "[alerts]") {
  auto raised = [](JudgeSettings settings) {
    Judged judged(std::move(settings));
    Device camera = device("camera", "acme");
    judged.alerts->judge(camera);
    return judged.raised;
  };
  CHECK(raised({.as_of = 2019y / 12 / 31}) == Lines{"ban: acme, cameras", "list: acme, all"});
  CHECK(raised({.as_of = 2024y / 12 / 31}) ==
        Lines{"ban: acme, all", "ban: acme, cameras", "list: acme, all"});
  CHECK(raised({}) == Lines{"ban: acme, all", "list: acme, all"});
  CHECK(raised({.policies = {"list"}, .as_of = 2024y / 12 / 31}) == Lines{"list: acme, all"});
}

TEST_CASE("Alerts: there are so many and no more, and the rest is counted", "[alerts]") {
  Judged judged({.as_of = 2026y / 1 / 1}, {.alerts_max = 3});
  for (const char* id : {"one", "two", "three"}) {
    Device camera = device(id, "acme");
    judged.alerts->judge(camera);
    CHECK(camera.is_flagged);  // the inventory must keep it all the same
  }
  CHECK(judged.raised.size() == 3);
  CHECK(judged.alerts->size() == 3);
  CHECK(judged.alerts->refused() == 3);
  Device again = device("one", "acme");
  judged.alerts->judge(again);
  CHECK(judged.alerts->refused() == 3);
}

TEST_CASE("Alerts: an entry may ask for another grade, and for another aspect", "[alerts]") {
  Directory rules;
  rules.write("own.yaml",
              "id: own\ntitle: Own\nauthority: We\nkind: use_ban\nsource: S\nas_of: 2026-09-15\n"
              "entries:\n"
              "  - {supplier: acme, scope: certain, severity: low, grade: confirmed}\n"
              "  - {supplier: acme, scope: hint, severity: low, grade: possible}\n"
              "  - {supplier: acme, scope: parts, severity: low, aspects: [component, client]}\n");
  Diagnostics diagnostics;
  std::vector<std::filesystem::path> directories{rules.path()};
  Policies policies = Policies::load(directories, made_up_knowledge().suppliers, diagnostics);
  REQUIRE(diagnostics.empty());
  using namespace std::chrono_literals;
  Alerts alerts(policies, {.as_of = 2026y / 1 / 1}, {}, {},
                [](const Alert&, const AlertEvent&, const Device*) {});
  auto hits = [&](Aspect aspect, double certainty) {
    Device device;
    Claim claim;
    claim.aspect = aspect;
    claim.supplier = "acme";
    claim.certainty = certainty;
    device.evidence.push_back({claim, {}, true});
    device.verdict = weigh(device);
    Lines scopes;
    for (const Hit& hit : alerts.hits(device))
      scopes.push_back(hit.entry->scope + " as " + std::string(to_string(hit.aspect)));
    return scopes;
  };
  CHECK(hits(Aspect::platform, 0.96) == Lines{"certain as platform", "hint as platform"});
  CHECK(hits(Aspect::platform, 0.94) == Lines{"hint as platform"});
  CHECK(hits(Aspect::platform, 0.2) == Lines{"hint as platform"});
  CHECK(hits(Aspect::component, 0.8) == Lines{"parts as component"});
  CHECK(hits(Aspect::component, 0.7).empty());
  CHECK(hits(Aspect::client, 0.75) == Lines{"parts as client"});
  CHECK(hits(Aspect::brand, 0.99).empty());
}

TEST_CASE("Alerts: a flagged device in the inventory raises one for each entry", "[alerts]") {
  Judged judged;
  Networks networks;
  Inventory inventory(made_up_knowledge(), {.devices = 1}, networks, {"tap"},
                      [&](Device& device) { judged.alerts->judge(device); });
  for (int i = 0; i < 50; ++i)
    inventory.observe(banner(station("00:e0:fc:00:00:01"), "ACME " + std::to_string(i), i));
  CHECK(judged.raised == Lines{"ban: acme, all", "list: acme, all"});
}
