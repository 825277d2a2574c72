// SPDX-License-Identifier: Apache-2.0
// Storm control: what may leave, and that what may not is in the next digest.
#include "policy/storm.hpp"

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
  CHECK_FALSE(weather.storm.rest(at(1)).has_value());
}

TEST_CASE("Storm: the digest has every event, by policy, and each alert once", "[storm]") {
  Weather weather({.policy_burst = 1, .policy_rate = 1, .burst = 0, .digest = 5min});
  CHECK(weather.admitted("ban", 1) == 1);
  CHECK(weather.admitted("ban", 3, "same") == 0);
  CHECK(weather.admitted("list", 3) == 1);
  CHECK_FALSE(weather.storm.due(weather.now + 5min - 1s, at(100)).has_value());
  auto digest = weather.storm.due(weather.now + 5min, at(100));
  REQUIRE(digest.has_value());
  CHECK(digest->count == 5);
  CHECK(digest->policies == std::map<std::string, uint64_t>{{"ban", 3}, {"list", 2}});
  CHECK(digest->alerts.size() == 3);
  CHECK(digest->alerts[0] == "same");
  CHECK(digest->to == at(100));
  CHECK(digest->from == at(1));
  CHECK_FALSE(weather.storm.due(weather.now + 1h, at(200)).has_value());
}

TEST_CASE("Storm: ids over the digest's bound are counted", "[storm]") {
  Weather weather({.policy_burst = 1, .policy_rate = 1, .burst = 0});
  weather.admitted("ban", 1 + static_cast<int>(Digest::alerts_max) + 7);
  auto digest = weather.storm.rest(at(1));
  REQUIRE(digest.has_value());
  CHECK(digest->count == Digest::alerts_max + 7);
  CHECK(digest->alerts.size() == Digest::alerts_max);
  CHECK(digest->alerts_omitted == 7);
}

TEST_CASE("Storm: what an earlier run held back is told by this one", "[storm]") {
  Storm storm(StormSettings{});
  Alert alert;
  alert.id = "a";
  alert.policy = "ban";
  AlertEvent event;
  event.time = at(3);
  storm.hold(alert, event);
  auto digest = storm.rest(at(9));
  REQUIRE(digest.has_value());
  CHECK(digest->from == at(3));
  CHECK(digest->alerts == std::vector<std::string>{"a"});
}
