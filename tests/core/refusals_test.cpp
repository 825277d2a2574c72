// SPDX-License-Identifier: Apache-2.0
// What a full table turned away is counted, once each, in a bounded memory.
#include "core/refusals.hpp"

#include "support/catch.hpp"

using namespace tapwarden;

TEST_CASE("Refusals: each once, as far as a bounded memory goes", "[refusals]") {
  Refusals<size_t> refusals;
  constexpr size_t count = Refusals<size_t>::remembered_max;
  for (int round = 0; round < 3; ++round) {
    for (size_t i = 0; i < count; ++i) refusals.add(i);
  }
  CHECK(refusals.count() == count);
  refusals.add(count);  // one more than it remembers: it starts over
  refusals.add(0);
  refusals.add(count);
  CHECK(refusals.count() == count + 2);
}
