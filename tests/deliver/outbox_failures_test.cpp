// SPDX-License-Identifier: Apache-2.0
// Outboxes before sinks that work by halves: what is told of them, and who gets through.
#include <algorithm>
#include <fstream>

#include "deliver/outbox.hpp"
#include "support/catch.hpp"
#include "support/full_disk.hpp"
#include "support/records.hpp"
#include "support/scripted_sink.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;
using Batch = std::span<const Message>;

namespace {

std::vector<size_t> sizes(const SinkState& sink) {
  std::vector<size_t> found;
  for (const Lines& batch : sink.batches) found.push_back(batch.size());
  return found;
}

Lines numbers(unsigned begin, unsigned end) {
  Lines found;
  for (unsigned i = begin; i < end; ++i) found.push_back("i" + std::to_string(i));
  return found;
}

/// Takes all, but nothing of a batch that has this one.
Script all_but(const std::string& id) {
  return [id](Batch batch) {
    bool is_in = std::ranges::any_of(batch, [&](const Message& one) { return one.id == id; });
    return all_of(batch, is_in ? Delivery{Outcome::retry, "500", {}} : taken);
  };
}

}  // namespace

TEST_CASE("Outbox: one that delivers and fails in turn is told of once", "[outbox]") {
  Delivering out;
  out.settings.calm = 1h;
  out.sink->script = [turn = 0](Batch batch) mutable {
    return all_of(batch, ++turn % 2 == 0 ? down : taken);
  };
  out.start();
  for (unsigned i = 0; i < 40; ++i) out.outbox->take(numbered(i));
  REQUIRE(out.run_until_idle());
  CHECK(out.counters().retried == 39);
  CHECK(out.health == Lines{"out: connection refused"});
  CHECK(out.outbox->status().error == "connection refused");
}

TEST_CASE("Outbox: it is said to be well when it was for a while, though nothing more happens",
          "[outbox]") {
  Delivering out;
  out.settings.calm = 50ms;
  out.sink->script = [turn = 0](Batch batch) mutable {
    return all_of(batch, ++turn == 1 ? down : taken);
  };
  out.start();
  out.outbox->take(numbered(0));
  REQUIRE(out.run_until([&] { return out.health.size() == 2; }));
  CHECK(std::chrono::steady_clock::now() - out.sink->times.back() >= 50ms);
  CHECK(out.health == Lines{"out: connection refused", "out: well"});
  CHECK(out.outbox->status().error.empty());
}

TEST_CASE("Outbox: hurry() is for what waits at that moment", "[outbox]") {
  Delivering out;
  out.sink->linger = 1h;
  out.sink->batch_max = 10;
  out.start();
  out.outbox->hurry();  // nothing does
  out.outbox->take(numbered(0));
  out.run_for(20ms);
  CHECK(out.sink->batches.empty());
  out.outbox->take(numbered(1));
  out.outbox->hurry();
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->batches == std::vector<Lines>{{"i0", "i1"}});
  out.outbox->take(numbered(2));
  out.run_for(20ms);
  CHECK(out.sink->batches.size() == 1);
  // Nor is it for what comes while that is under way.
  out.sink->script = [](Batch) { return std::vector<Delivery>(); };
  out.outbox->hurry();
  REQUIRE(out.run_until([&] { return out.sink->batches.size() == 2; }));
  out.outbox->take(numbered(3));
  out.sink->open({down});
  REQUIRE(out.run_until([&] { return !out.health.empty(); }));
  out.run_for(20ms);
  CHECK(out.sink->batches.size() == 2);
}

TEST_CASE("Outbox: what is refused for good is no delivery, nor an outage", "[outbox]") {
  Delivering out;
  out.sink->script = [turn = 0](Batch batch) mutable {
    return all_of(batch, ++turn == 1 ? down : poisoned);
  };
  out.start();
  out.outbox->take(numbered(0));
  out.outbox->take(numbered(1));
  REQUIRE(out.run_until_idle());
  CHECK(out.health == Lines{"out: connection refused"});
  Outbox::Status status = out.outbox->status();
  CHECK(status.error == "connection refused");
  CHECK(status.counters.set_aside == 2);
  CHECK(status.set_aside == "400");
  out.sink->script = [](Batch batch) { return all_of(batch, taken); };
  out.outbox->take(numbered(2));
  REQUIRE(out.run_until_idle());
  CHECK(out.health == Lines{"out: connection refused", "out: well"});
  CHECK(out.outbox->status().error.empty());
}

TEST_CASE("Outbox: a record that has its batches fail is found and blocks no other", "[outbox]") {
  unsigned bad = GENERATE(0U, 1U, 50U, 99U);
  CAPTURE(bad);
  std::string id = "i" + std::to_string(bad);
  Delivering out;
  out.sink->batch_max = 100;
  out.sink->script = all_but(id);
  SECTION("it waits on, alone") {}
  SECTION("it is set aside after so many attempts of its own") { out.settings.attempts_max = 3; }
  out.start();
  for (unsigned i = 0; i < 100; ++i) out.outbox->take(numbered(i));
  REQUIRE(out.run_until([&] { return out.sink->delivered.size() == 99; }));
  CHECK(out.sink->batches.size() < 60);
  CHECK(out.counters().set_aside == 0);
  size_t found = out.sink->batches.size();
  bool is_bounded = out.settings.attempts_max != 0;
  unsigned next = 100;
  REQUIRE(out.run_until([&] {
    if (out.sink->delivered.size() == next - 1) out.outbox->take(numbered(next++));
    return is_bounded ? out.counters().set_aside == 1 : next == 300;
  }));
  auto blocks = [&](const Lines& batch) {
    return batch.size() > 1 && std::ranges::count(batch, id) != 0;
  };
  CHECK(std::count_if(out.sink->batches.begin() + static_cast<long>(found), out.sink->batches.end(),
                      blocks) <= 4);
  if (!is_bounded) out.sink->script = [](Batch batch) { return all_of(batch, taken); };
  REQUIRE(out.run_until_idle());
  CHECK(out.counters().delivered == (is_bounded ? next - 1 : next));
  CHECK(out.counters().set_aside == (is_bounded ? 1 : 0));
  Lines delivered = out.sink->delivered;
  std::ranges::sort(delivered);
  CHECK(std::ranges::adjacent_find(delivered) == delivered.end());
}

TEST_CASE("Outbox: an outage is probed with little, and then batches are whole again", "[outbox]") {
  Delivering out;
  out.sink->batch_max = 100;
  bool is_up = false;
  out.sink->script = [&](Batch batch) { return all_of(batch, is_up ? taken : down); };
  out.start();
  for (unsigned i = 0; i < 400; ++i) out.outbox->take(numbered(i));
  REQUIRE(out.run_until([&] { return out.sink->batches.size() == 6; }));
  CHECK(sizes(*out.sink) == std::vector<size_t>{100, 100, 100, 1, 1, 1});
  CHECK(out.sink->batches[3] == Lines{"i100"});
  CHECK(out.sink->batches[5] == Lines{"i102"});
  out.sink->batches.clear();
  is_up = true;
  REQUIRE(out.run_until_idle());
  std::vector<size_t> wanted{1, 2, 4, 8, 16, 32, 64, 100, 1, 1, 1, 100, 70};
  CHECK(sizes(*out.sink) == wanted);
  CHECK(out.counters().delivered == 400);
  CHECK(out.counters().set_aside == 0);
}

TEST_CASE("Outbox: a sink that divides by itself is given whole batches", "[outbox]") {
  Delivering out;
  out.sink->batch_max = 10;
  out.sink->divides = true;
  out.sink->script = [turn = 0](Batch batch) mutable {
    return all_of(batch, ++turn <= 6 ? down : taken);
  };
  out.start();
  for (unsigned i = 0; i < 20; ++i) out.outbox->take(numbered(i));
  REQUIRE(out.run_until_idle());
  CHECK(sizes(*out.sink) == std::vector<size_t>(8, 10));
}

TEST_CASE("Outbox: of a spool that was taken away what memory has is delivered", "[outbox]") {
  Delivering out;
  out.settings.queue = 20;  // of which ten are in memory
  bool is_up = false;
  out.sink->script = [&](Batch batch) { return all_of(batch, is_up ? taken : down); };
  out.start();
  for (unsigned i = 0; i < 15; ++i) out.outbox->take(numbered(i));
  REQUIRE(out.run_until([&] { return !out.health.empty(); }));
  std::filesystem::remove_all(out.directory.path() / "spool");
  for (unsigned i = 15; i < 18; ++i) out.outbox->take(numbered(i));
  is_up = true;
  REQUIRE(out.run_until_idle());
  CHECK(out.counters().delivered == 13);
  CHECK(out.outbox->status().spool.damaged == 5);
  Lines wanted = numbers(0, 10);
  for (const std::string& id : numbers(15, 18)) wanted.push_back(id);
  Lines delivered = out.sink->delivered;
  std::ranges::sort(delivered);
  std::ranges::sort(wanted);
  CHECK(delivered == wanted);
}

TEST_CASE("Outbox: what cannot be set aside waits until it can", "[outbox]") {
  Delivering out;
  out.sink->script = [](Batch batch) { return all_of(batch, poisoned); };
  out.start();
  out.outbox->take(numbered(0));
  Record unencodable = numbered(1);
  unencodable.line = "no JSON";
  out.outbox->take(unencodable);
  {
    FullDisk full(0);
    REQUIRE(out.run_until([&] { return out.outbox->status().spool.failures >= 6; }));
    Outbox::Status status = out.outbox->status();
    CHECK(status.waiting == 2);
    CHECK(status.counters.set_aside == 0);
    CHECK(status.error.starts_with("the disk does not keep what is to be set aside: "));
  }
  REQUIRE(out.run_until_idle());
  CHECK(out.counters().set_aside == 2);
  CHECK(out.counters().delivered == 0);
  std::ifstream file(out.directory.path() / "spool/set-aside.jsonl");
  Lines lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  CHECK(lines.size() == 2);
  CHECK(out.sink->delivered.empty());
}
