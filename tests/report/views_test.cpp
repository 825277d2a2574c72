// SPDX-License-Identifier: Apache-2.0
// An alert's story as people read it.
#include "report/views.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
namespace json = boost::json;

namespace {

std::string story(const std::string& more) {
  return alert_text(
      json::parse("{\"id\":\"1f2e\",\"state\":\"acknowledged\"," + more + "}").as_object(), false);
}

std::string event(const std::string& more) {
  std::string text = story(R"("events":1,"timeline":[{"time":"T","state":"open",)" + more + "}]");
  size_t start = text.find("timeline\n") + 9;
  return text.substr(start, text.find("evidence\n") - start);
}

}  // namespace

TEST_CASE("Views: an event is one sentence", "[views]") {
  CHECK(
      event(
          R"("event":"updated","changes":["grade probable to confirmed","further evidence: sadp"])") ==
      "  T  updated (open): grade probable to confirmed; further evidence: sadp\n");
  CHECK(event(R"("event":"open","actor":"ada","reason":"ticket 4711","changes":["x"])") ==
        "  T  open by ada: ticket 4711; x\n");
  CHECK(event(R"("event":"acknowledged","actor":"ada")") == "  T  acknowledged (open) by ada\n");
}

TEST_CASE("Views: a reason stands where one was given", "[views]") {
  CHECK(story(R"("actor":"root")").contains("  acknowledged  by root\n"));
  CHECK(story(R"("actor":"root","reason":"ticket 4711")")
            .contains("  acknowledged  by root: ticket 4711\n"));
}

TEST_CASE("Views: events that are not kept are said not to be", "[views]") {
  std::string text = story(
      R"("events":20,"timeline":[{"time":"A","event":"raised"},{"time":"B","event":"updated"},)"
      R"({"time":"C","event":"updated"}])");
  CHECK(text.contains("  ... 17 more, which are not kept: the first and the last 2 are\n"));
  CHECK_FALSE(
      story(R"("events":1,"timeline":[{"time":"A","event":"raised"}])").contains("not kept"));
}
