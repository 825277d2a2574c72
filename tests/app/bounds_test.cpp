// SPDX-License-Identifier: Apache-2.0
// That a table is full of what must be kept is told when it begins, and when it is over.
#include "app/bounds.hpp"

#include "support/catch.hpp"
#include "support/inventory.hpp"
#include "support/rules.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

TEST_CASE("Bounds: a full table is told of once, and when it is calm again", "[bounds]") {
  Rules rules = made_up_rules();
  config::Settings settings;
  settings.judge = {.as_of = 2026y / 1 / 1};
  settings.inventory.devices = 2;
  settings.alert_life.alerts_max = 1;
  Control control(rules, settings, Standpoint{{"tap"}},
                  [](const Alert&, const AlertEvent&, const Device*) {});
  Lines told;
  Bounds bounds([&](const Health& health) {
    told.push_back(health.component + ' ' + health.name +
                   (health.is_degraded ? " degraded: " : " ok: ") + health.message);
  });
  auto see = [&](const char* mac) { control.observe(sighting(station(mac), 1)); };
  Bounds::Time now{};
  auto watch = [&](std::chrono::seconds later) {
    bounds.watch(control, now += later);
    return std::exchange(told, {});
  };
  see("00:e0:fc:00:00:01");
  CHECK(watch(0s) == Lines{});
  see("00:e0:fc:00:00:02");
  CHECK(watch(10s) ==
        Lines{"bounds alerts degraded: new ones are turned away, 1 so far: the table is full, and "
              "no alert in it is resolved"});
  see("00:e0:fc:00:00:03");
  CHECK(watch(10s) ==
        Lines{"bounds devices degraded: new ones are turned away, 1 so far: limits.devices is "
              "reached, and all of them are flagged"});
  see("00:e0:fc:00:00:04");
  CHECK(watch(10s) == Lines{});
  see("00:e0:fc:00:00:04");  // it was counted
  CHECK(watch(3590s) == Lines{"bounds alerts ok: no further one was turned away for an hour; 1 in "
                              "all"});
  CHECK(watch(10s) == Lines{"bounds devices ok: no further one was turned away for an hour; 2 in "
                            "all"});
  CHECK(watch(3600s) == Lines{});
  see("00:e0:fc:00:00:05");
  CHECK(watch(10s).size() == 1);
}
