// SPDX-License-Identifier: Apache-2.0
#include "deliver/steadiness.hpp"

#include "support/catch.hpp"

using namespace tapwarden;
using namespace std::chrono_literals;
using Time = Steadiness::Clock::time_point;

TEST_CASE("Steadiness: ill at once, well when it was well for a while without a break",
          "[outbox]") {
  Steadiness steadiness(10s);
  Time now{1h};
  CHECK_FALSE(steadiness.note(true, now));
  CHECK(steadiness.due() == Time::max());
  CHECK(steadiness.note(false, now));
  CHECK_FALSE(steadiness.note(false, now + 1s));
  CHECK_FALSE(steadiness.is_well());
  CHECK_FALSE(steadiness.pass(now + 1h));  // time alone makes nothing well
  CHECK(steadiness.due() == Time::max());
  now += 1h;
  for (int i = 0; i < 100; ++i) {  // well and ill in turn
    CHECK_FALSE(steadiness.note(i % 2 == 0, now));
    now += 9s;
  }
  CHECK_FALSE(steadiness.note(true, now));
  CHECK(steadiness.due() == now + 10s);
  CHECK_FALSE(steadiness.note(true, now + 9s));
  CHECK_FALSE(steadiness.pass(now + 9s));
  CHECK(steadiness.pass(now + 10s));
  CHECK(steadiness.is_well());
  CHECK_FALSE(steadiness.pass(now + 20s));
  CHECK(steadiness.due() == Time::max());
}

TEST_CASE("Steadiness: what was said to be well too early is waited for the longer", "[outbox]") {
  Steadiness steadiness(10s);
  Time now{1h};
  auto waited = [&] {  // ill just now, well from then on
    CHECK(steadiness.note(false, now));
    CHECK_FALSE(steadiness.note(true, now));
    auto due = steadiness.due();
    CHECK(steadiness.pass(due));
    return std::exchange(now, due).time_since_epoch() * -1 + due.time_since_epoch();
  };
  CHECK(waited() == 10s);
  CHECK(waited() == 20s);
  CHECK(waited() == 40s);
  for (int i = 0; i < 10; ++i) waited();
  CHECK(waited() == 640s);
  now += 640s;  // it was well for as long
  CHECK(waited() == 10s);
}
