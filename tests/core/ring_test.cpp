// SPDX-License-Identifier: Apache-2.0
// Ring: full, empty, and two threads that see every value once and in order.
#include "core/ring.hpp"

#include <cstdint>
#include <thread>

#include "support/catch.hpp"

using namespace tapwarden;

namespace {

/// So large that a torn one shows.
struct Value {
  uint64_t number = 0;
  uint64_t copies[15] = {};
};

}  // namespace

TEST_CASE("A ring holds its size rounded up, refuses more, and gives all back in order") {
  for (auto [asked, held] : {std::pair<size_t, size_t>{1, 1}, {2, 2}, {5, 8}, {8, 8}}) {
    Ring<uint64_t> ring(asked);
    for (int round = 0; round < 5; ++round) {
      for (uint64_t i = 0; i < held; ++i) CHECK(ring.push(i));
      CHECK_FALSE(ring.push(99));
      uint64_t seen = 0;
      while (ring.pop([&](const uint64_t& value) { CHECK(value == seen++); })) {
      }
      CHECK(seen == held);
    }
  }
}

TEST_CASE("One place that is free takes one value") {
  Ring<int> ring(4);
  for (int i = 0; i < 4; ++i) CHECK(ring.push(i));
  for (int i = 4; i < 100; ++i) {
    CHECK(ring.pop([&](const int& value) { CHECK(value == i - 4); }));
    CHECK(ring.push(i));
    CHECK_FALSE(ring.push(-1));
  }
}

TEST_CASE("Two threads: sent is received plus refused, in order and whole") {
  constexpr uint64_t count = 200'000;
  Ring<Value> ring(64);
  std::atomic<bool> done = false;
  uint64_t refused = 0;
  std::thread producer([&] {
    for (uint64_t i = 1; i <= count; ++i) {
      Value value{i};
      for (uint64_t& copy : value.copies) copy = i;
      if (!ring.push(value)) {
        ++refused;
        std::this_thread::yield();
      }
    }
    done = true;
  });
  uint64_t received = 0, last = 0, torn = 0, unordered = 0;
  auto take = [&](const Value& value) {
    ++received;
    if (value.number <= last) ++unordered;
    last = value.number;
    for (uint64_t copy : value.copies) torn += copy != value.number ? 1 : 0;
  };
  while (true) {
    bool was_done = done;
    if (!ring.pop(take)) {
      if (was_done) break;
      std::this_thread::yield();
    }
  }
  producer.join();
  CHECK(received + refused == count);
  CHECK(received >= 64);
  CHECK(torn == 0);
  CHECK(unordered == 0);
}
