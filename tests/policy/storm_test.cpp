// SPDX-License-Identifier: Apache-2.0
// Storm control: what may leave, and that what may not is in the next digest.
#include "policy/storm.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

struct Weather {
  explicit Weather(StormSettings settings) : storm(settings) {}
  /// How many of so many alerts of that policy leave now.
  int admitted(const std::string& policy, int count, const std::string& id = "") {
    int admitted = 0;
    for (int i = 0; i < count; ++i) {
      Alert alert;
      alert.policy = policy;
      alert.id = id.empty() ? policy + std::to_string(next++) : id;
      AlertEvent event;
      event.time = at(next);
      admitted += storm.admits(alert, event, now) ? 1 : 0;
    }
    return admitted;
  }
  Storm storm;
  Storm::Clock::time_point now = Storm::Clock::time_point(1h);
  int next = 0;
};

}  // namespace

TEST_CASE("Storm: a burst, and then so many a minute", "[storm]") {
  Weather weather({.policy_burst = 5, .policy_rate = 6, .burst = 0});
  CHECK(weather.admitted("ban", 20) == 5);
  weather.now += 9s;
  CHECK(weather.admitted("ban", 20) == 0);
  weather.now += 2s;
  CHECK(weather.admitted("ban", 20) == 1);
  weather.now += 10min;
  CHECK(weather.admitted("ban", 20) == 5);  // no more than the burst is saved up
  CHECK(weather.storm.held() == 15 + 20 + 19 + 15);
}

TEST_CASE("Storm: each policy has a bound of its own, and all have one together", "[storm]") {
  Weather weather({.policy_burst = 5, .policy_rate = 1, .burst = 8, .rate = 1});
  CHECK(weather.admitted("ban", 10) == 5);
  CHECK(weather.admitted("list", 10) == 3);
  CHECK(weather.admitted("other", 10) == 0);
}

TEST_CASE("Storm: without bounds everything leaves", "[storm]") {
  Weather weather({.policy_burst = 0, .burst = 0});
  CHECK(weather.admitted("ban", 100'000) == 100'000);
  CHECK(weather.storm.rest(at(1)).empty());
}

TEST_CASE("Storm: the digest has every event, by policy, and each alert once", "[storm]") {
  Weather weather({.policy_burst = 1, .policy_rate = 1, .burst = 0, .digest = 5min});
  CHECK(weather.admitted("ban", 1) == 1);
  CHECK(weather.admitted("ban", 3, "same") == 0);
  CHECK(weather.admitted("list", 3) == 1);
  CHECK(weather.storm.due(weather.now + 5min - 1s, at(100)).empty());
  auto digests = weather.storm.due(weather.now + 5min, at(100));
  REQUIRE(digests.size() == 1);
  const Digest& digest = digests.front();
  CHECK(digest.count == 5);
  CHECK(digest.policies == std::map<std::string, uint64_t>{{"ban", 3}, {"list", 2}});
  CHECK(digest.alerts == std::vector<std::string>{"same", "list2", "list3"});
  CHECK(digest.to == at(100));
  CHECK(digest.from == at(1));
  CHECK(weather.storm.due(weather.now + 1h, at(200)).empty());
}

TEST_CASE("Storm: as many digests as it takes to name every alert", "[storm]") {
  Weather weather({.policy_burst = 1, .policy_rate = 1, .burst = 0});
  constexpr int most = static_cast<int>(Digest::alerts_max);
  weather.admitted("ban", 1 + 2 * most + 7);
  weather.admitted("ban", 3, "ban1");  // an alert of the first digest has further events
  auto digests = weather.storm.rest(at(100'000));
  REQUIRE(digests.size() == 3);
  std::vector<std::string> alerts;
  for (const Digest& digest : digests)
    alerts.insert(alerts.end(), digest.alerts.begin(), digest.alerts.end());
  std::vector<std::string> expected;
  for (int i = 1; i <= 2 * most + 7; ++i) expected.push_back("ban" + std::to_string(i));
  CHECK(alerts == expected);
  CHECK(digests[0].alerts.size() == Digest::alerts_max);
  CHECK(digests[1].alerts.size() == Digest::alerts_max);
  CHECK(digests[0].count == Digest::alerts_max + 3);
  CHECK(digests[1].count == Digest::alerts_max);
  CHECK(digests[2].count == 7);
  CHECK(digests[2].policies == std::map<std::string, uint64_t>{{"ban", 7}});
  CHECK(weather.storm.rest(at(100'001)).empty());
}

TEST_CASE("Storm: a digest is as severe as the worst alert that it holds", "[storm]") {
  Storm storm(StormSettings{});
  Alert alert;
  AlertEvent event;
  for (Severity severity : {Severity::medium, Severity::critical, Severity::low}) {
    alert.id += 'a';
    alert.severity = severity;
    storm.hold(alert, event);
  }
  auto digests = storm.rest(at(9));
  REQUIRE(digests.size() == 1);
  CHECK(digests.front().severity == Severity::critical);
}

TEST_CASE("Storm: what an earlier run held back is told by this one, parted in the same way",
          "[storm]") {
  std::vector<std::pair<Alert, AlertEvent>> held;
  for (int i = 0; i < 2500; ++i) {
    auto& [alert, event] = held.emplace_back();
    alert.id = "alert" + std::to_string(i);
    event.id = alert.id + "-1";
    event.time = at(i / 10);
  }
  Storm before(StormSettings{});
  for (const auto& [alert, event] : held) before.hold(alert, event);
  std::ranges::reverse(held);  // the state gives them back in whatever order
  Storm after(StormSettings{});
  for (const auto& [alert, event] : held) after.hold(alert, event);
  auto told = before.rest(at(1000)), told_again = after.rest(at(2000));
  REQUIRE(told.size() == 3);
  REQUIRE(told_again.size() == 3);
  for (size_t i = 0; i < told.size(); ++i) {
    CHECK(told[i].first == told_again[i].first);
    CHECK(told[i].count == told_again[i].count);
    CHECK(told[i].alerts == told_again[i].alerts);
    CHECK(told[i].from == told_again[i].from);
  }
}
