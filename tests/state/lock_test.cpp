// SPDX-License-Identifier: Apache-2.0
// The lock of the state's directory.
#include "state/lock.hpp"

#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

TEST_CASE("State lock: one agent has the directory, until it ends", "[state]") {
  Directory directory;
  auto path = directory.path() / "deep" / "state";
  {
    StateLock first(path);
    std::string why;
    try {
      StateLock second(path);
    } catch (const std::runtime_error& error) {
      why = error.what();
    }
    CHECK(why == "state: " + path.string() + ": another agent keeps its state here");
  }
  StateLock third(path);
  StateLock none(""), none_either("");
}
