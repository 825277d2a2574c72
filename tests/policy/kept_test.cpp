// SPDX-License-Identifier: Apache-2.0
// Which alerts are kept: those that are over for long go, and give way; what an earlier run knew
// and what somebody did in this one come together.
#include <map>
#include <memory>

#include "policy/alerts.hpp"
#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

constexpr int64_t kDay = 86400;

struct Kept {
  explicit Kept(size_t alerts_max = 1000) {
    rules.write("ban.yaml",
                "id: ban\ntitle: T\nauthority: A\nkind: use_ban\nsource: S\nas_of: 2026-01-01\n"
                "entries: [{supplier: acme, scope: all, severity: high}]\n");
    Diagnostics diagnostics;
    std::vector<std::filesystem::path> directories{rules.path()};
    policies = Policies::load(directories, made_up_knowledge().suppliers, diagnostics);
    REQUIRE(told(diagnostics) == Lines{});
    alerts = std::make_unique<Alerts>(
        policies, JudgeSettings{.as_of = 2026y / 1 / 1},
        AlertSettings{.alerts_max = alerts_max, .gather = 0s}, Standpoint{{"tap"}},
        [this](const Alert& alert, const AlertEvent&, const Device* device) {
          if (device != nullptr) ids[device->id] = alert.id;
        });
    alerts->on_forget([this](const std::string& id) { forgotten.push_back(id); });
  }
  Device device(const std::string& id, int64_t seconds) const {
    Device device;
    device.id = id;
    device.last_seen = device.heard = at(seconds);
    device.verdict = Verdict{"acme", Grade::probable, 0.9};
    return device;
  }
  void judge(const std::string& id, int64_t seconds) {
    Device one = device(id, seconds);
    alerts->judge(one);
  }
  std::string act(const std::string& device, Action::Kind kind, const char* actor,
                  bool is_by_file = false) {
    return alerts->act(ids.at(device), {kind, actor, "because", {}, is_by_file}, at(100), nullptr);
  }
  const Alert* of(const std::string& device) const { return alerts->find(ids.at(device)); }
  bool has(const std::string& device) const { return of(device) != nullptr; }

  Directory rules;
  Policies policies;
  std::unique_ptr<Alerts> alerts;
  std::map<std::string, std::string> ids;  // by device
  Lines forgotten;
};

}  // namespace

TEST_CASE("Kept: what was resolved for long is forgotten, with all that finds it", "[alerts]") {
  Kept kept;
  for (const char* id : {"gone", "acknowledged", "suppressed", "authorised"}) kept.judge(id, 0);
  kept.judge("here", 31 * kDay);
  kept.act("acknowledged", Action::Kind::acknowledge, "ada");
  kept.act("suppressed", Action::Kind::suppress, "ada");
  kept.act("authorised", Action::Kind::authorise, "ada");
  CHECK_FALSE(kept.alerts->is_over(kept.device("gone", 0)));
  kept.alerts->tick(at(31 * kDay));
  REQUIRE(kept.of("gone")->state == AlertState::resolved);
  CHECK(kept.alerts->is_over(kept.device("gone", 0)));
  CHECK_FALSE(kept.alerts->is_over(kept.device("here", 0)));
  CHECK_FALSE(kept.alerts->is_over(kept.device("unknown", 0)));
  kept.alerts->forget(at(31 * kDay));  // not longer ago than that
  CHECK(kept.alerts->size() == 5);
  kept.alerts->forget(at(31 * kDay + 1));
  CHECK_FALSE(kept.has("gone"));
  CHECK_FALSE(kept.alerts->knows(kept.device("gone", 0)));
  CHECK_FALSE(kept.has("acknowledged"));  // it is resolved as well
  CHECK(kept.has("suppressed"));
  CHECK(kept.has("authorised"));
  CHECK(kept.has("here"));
  CHECK(kept.forgotten.size() == 2);
  kept.alerts->tell_gathered(at(32 * kDay), true);
  kept.judge("gone", 32 * kDay);
  CHECK(kept.of("gone")->events == 1);
}

TEST_CASE("Kept: at the bound the oldest resolved gives way, and then a new one is refused",
          "[alerts]") {
  Kept kept(3);
  kept.judge("first", 0);
  kept.judge("second", 10 * kDay);
  kept.judge("third", 45 * kDay);
  kept.alerts->tick(at(31 * kDay));
  kept.alerts->tick(at(46 * kDay));
  kept.judge("fourth", 46 * kDay);
  CHECK(kept.alerts->size() == 3);
  CHECK_FALSE(kept.has("first"));
  CHECK(kept.has("second"));
  kept.judge("fifth", 46 * kDay);
  CHECK_FALSE(kept.has("second"));
  CHECK(kept.alerts->evicted() == 2);
  CHECK(kept.alerts->refused() == 0);
  for (int i = 0; i < 3; ++i) kept.judge("sixth", 46 * kDay);
  CHECK(kept.alerts->refused() == 1);
  kept.judge("seventh", 46 * kDay);
  CHECK(kept.alerts->refused() == 2);
  CHECK_FALSE(kept.ids.contains("sixth"));
  CHECK(kept.forgotten == Lines{kept.ids.at("first"), kept.ids.at("second")});
  kept.alerts->tick(at(80 * kDay));
  kept.judge("sixth", 80 * kDay);
  CHECK(kept.has("sixth"));
  CHECK(kept.alerts->evicted() == 3);
}

TEST_CASE("Kept: an alert goes only when all of it was told", "[alerts]") {
  Kept kept(1);
  kept.judge("held", 0);
  kept.alerts->hold(*kept.of("held"), kept.of("held")->timeline.front());
  kept.alerts->tick(at(31 * kDay));
  REQUIRE(kept.of("held")->state == AlertState::resolved);
  kept.alerts->forget(at(1000 * kDay));
  kept.judge("new", 31 * kDay);
  CHECK(kept.has("held"));
  CHECK(kept.alerts->refused() == 1);
  kept.alerts->release();
  kept.alerts->forget(at(1000 * kDay));
  CHECK_FALSE(kept.has("held"));
}

TEST_CASE("Kept: what somebody did before an earlier run was known comes after it", "[alerts]") {
  Kept before, now;
  before.judge("camera", 0);
  before.act("camera", Action::Kind::acknowledge, "ada");
  Alert earlier = *before.of("camera");
  now.judge("camera", 50);
  now.act("camera", Action::Kind::suppress, "bob");
  now.alerts->restore(earlier);
  const Alert& both = *now.of("camera");
  CHECK(both.state == AlertState::suppressed);
  CHECK(both.actor == "bob");
  CHECK(both.events == 3);
  REQUIRE(both.timeline.size() == 3);
  CHECK(both.timeline[1].actor == "ada");
  CHECK(both.timeline[2].actor == "bob");
  CHECK(both.raised == earlier.raised);
}

TEST_CASE("Kept: where nobody did anything an earlier run is right", "[alerts]") {
  Kept before, now;
  before.judge("camera", 0);
  before.act("camera", Action::Kind::acknowledge, "ada");
  now.judge("camera", 50);
  now.alerts->restore(*before.of("camera"));
  CHECK((*now.of("camera") == *before.of("camera")));
}

TEST_CASE("Kept: what a file authorises it does again by itself", "[alerts]") {
  Kept before, now;
  before.judge("camera", 0);
  now.judge("camera", 50);
  now.act("camera", Action::Kind::authorise, "the file", true);
  now.alerts->restore(*before.of("camera"));
  CHECK((*now.of("camera") == *before.of("camera")));
}
