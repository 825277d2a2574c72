// SPDX-License-Identifier: Apache-2.0
#include "core/time.hpp"

#include "support/catch.hpp"

using namespace tapwarden;
using namespace std::chrono_literals;

TEST_CASE("Times are RFC 3339 in UTC with microseconds") {
  auto at = [](std::chrono::nanoseconds since) { return to_rfc3339(Timestamp(since)); };
  CHECK(at(0ns) == "1970-01-01T00:00:00.000000Z");
  CHECK(at(999ns) == "1970-01-01T00:00:00.000000Z");
  CHECK(at(1us) == "1970-01-01T00:00:00.000001Z");
  CHECK(at(-1ns) == "1969-12-31T23:59:59.999999Z");
  CHECK(at(1795459219s + 123456789ns) == "2026-11-23T18:40:19.123456Z");
  CHECK(at(951782399s) == "2000-02-28T23:59:59.000000Z");
  CHECK(at(951782400s) == "2000-02-29T00:00:00.000000Z");
  CHECK(at(9'000'000'000s) == "2255-03-14T16:00:00.000000Z");
}
