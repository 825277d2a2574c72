// SPDX-License-Identifier: Apache-2.0
#include "deliver/outbox.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "support/catch.hpp"
#include "support/clock.hpp"
#include "support/full_disk.hpp"
#include "support/records.hpp"
#include "support/scripted_sink.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;
using Batch = std::span<const Message>;

namespace {

Lines numbers(unsigned begin, unsigned end) {
  Lines found;
  for (unsigned i = begin; i < end; ++i) found.push_back("i" + std::to_string(i));
  return found;
}

/// Each message by its id; what is not named is taken.
Script by_id(std::map<std::string, Delivery> answers) {
  return [answers = std::move(answers)](Batch batch) {
    std::vector<Delivery> deliveries;
    for (const Message& message : batch) {
      auto found = answers.find(message.id);
      deliveries.push_back(found == answers.end() ? taken : found->second);
    }
    return deliveries;
  };
}

Record keyed(unsigned number, unsigned key) {
  return numbered(number, RecordKind::alert, "k" + std::to_string(key));
}

}  // namespace

TEST_CASE("Outbox: what it takes is delivered in order, in batches of the sink's measure",
          "[outbox]") {
  Delivering out;
  out.sink->batch_max = 3;
  out.start();
  CHECK(out.outbox->is_idle());
  for (unsigned i = 0; i < 7; ++i) out.outbox->take(keyed(i, i));
  CHECK_FALSE(out.outbox->is_idle());
  CHECK(out.sink->batches.empty());  // nothing is done from within take()
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->batches == std::vector<Lines>{numbers(0, 3), numbers(3, 6), numbers(6, 7)});
  CHECK(out.counters().taken == 7);
  CHECK(out.counters().delivered == 7);
  CHECK(out.counters().retried == 0);
  CHECK(out.health.empty());

  out.sink->batches.clear();
  out.sink->batch_size_max = 2 * numbered(7).line.size();
  for (unsigned i = 7; i < 10; ++i) out.outbox->take(keyed(i, i));
  out.outbox->take(numbered(10, RecordKind::alert, "", 5000));  // larger than any batch: alone
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->batches == std::vector<Lines>{numbers(7, 9), numbers(9, 10), numbers(10, 11)});
  out.outbox->reopen();
  CHECK(out.sink->reopened == 1);
}

TEST_CASE("Outbox: a message is the record, encoded; what the filter refuses is not taken",
          "[outbox]") {
  Delivering out;
  out.settings.filter.kinds = {RecordKind::alert};
  out.sink->script = [](Batch batch) {
    Record record = keyed(1, 7);
    CHECK(batch[0].kind == record.kind);
    CHECK(batch[0].time == record.time);
    CHECK(batch[0].severity == record.severity);
    CHECK(batch[0].key == "k7");
    CHECK(batch[0].text == record.line);
    return all_of(batch, taken);
  };
  out.start();
  out.outbox->take(numbered(0, RecordKind::device));
  out.outbox->take(keyed(1, 7));
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->delivered == Lines{"i1"});
  CHECK(out.counters().taken == 1);
}

TEST_CASE("Outbox: behind a record that is tried again those of its key wait, and no others",
          "[outbox]") {
  Delivering out;
  out.sink->batch_max = 10;
  out.settings.retry_min = out.settings.retry_max = 1h;
  out.sink->script = by_id({{"i0", {Outcome::retry, "429", {}}}});
  out.start();
  // Keys 0 1 2 0 1 2 ...: a batch has one of each.
  for (unsigned i = 0; i < 9; ++i) out.outbox->take(keyed(i, i % 3));
  REQUIRE(out.run_until([&] { return out.sink->delivered.size() == 6; }));
  CHECK(out.sink->delivered == Lines{"i1", "i2", "i4", "i5", "i7", "i8"});
  CHECK(out.sink->batches == std::vector<Lines>{{"i0", "i1", "i2"}, {"i4", "i5"}, {"i7", "i8"}});
  CHECK(out.health.empty());  // the sink is well
  CHECK(out.outbox->status().waiting == 3);
  out.sink->script = by_id({});
  out.outbox->hurry();
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->delivered.size() == 9);
  CHECK(Lines(out.sink->delivered.begin() + 6, out.sink->delivered.end()) ==
        Lines{"i0", "i3", "i6"});
  CHECK(out.counters().retried == 1);
}

TEST_CASE("Outbox: records without a key do not wait for each other", "[outbox]") {
  Delivering out;
  out.sink->batch_max = 3;
  out.sink->script = [turn = 0](Batch batch) mutable {
    return ++turn == 1 ? std::vector<Delivery>{taken, down, taken} : all_of(batch, taken);
  };
  out.start();
  for (unsigned i = 0; i < 4; ++i) out.outbox->take(numbered(i));
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->batches[0] == Lines{"i0", "i1", "i2"});
  Lines delivered = out.sink->delivered;
  CHECK(std::ranges::count(delivered, "i1") == 1);
  std::ranges::sort(delivered);
  CHECK(delivered == numbers(0, 4));
}

TEST_CASE("Outbox: what the other side refuses, or what has no encoding, is set aside",
          "[outbox]") {
  Delivering out;
  out.sink->batch_max = 4;
  out.sink->script = by_id({{"i1", poisoned}});
  out.start();
  for (unsigned i = 0; i < 4; ++i) {
    Record record = keyed(i, i % 2);
    if (i == 2) record.line = "no JSON";
    out.outbox->take(record);
  }
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->delivered == Lines{"i0", "i3"});
  CHECK(out.counters().set_aside == 2);
  CHECK(out.counters().delivered == 2);
  CHECK(out.health.empty());
  std::ifstream file(out.directory.path() / "spool/set-aside.jsonl");
  Lines lines(2);
  for (std::string& line : lines) REQUIRE(std::getline(file, line));
  CHECK(lines[0].find("\"error\":\"400\",\"id\":\"i1\",\"key\":\"k1\"") != std::string::npos);
  CHECK(lines[1].find("\"id\":\"i2\",\"key\":\"k0\",\"record\":\"no JSON\"") != std::string::npos);
}

TEST_CASE("Outbox: a record that fails by itself too often is set aside, an outage sets none aside",
          "[outbox]") {
  Delivering out;
  out.settings.attempts_max = 3;
  SECTION("in a batch with others") {
    out.sink->batch_max = 2;
    out.sink->script = by_id({{"i0", down}});
    out.start();
    for (unsigned i = 0; i < 400; ++i) {
      out.outbox->take(i == 0 ? keyed(0, 0) : numbered(i));
      if (i % 4 == 3) out.run_for(1ms);
    }
    REQUIRE(out.run_until_idle());
    CHECK(out.health.empty());
    CHECK(out.counters().retried == 2);
  }
  SECTION("in batches of one, where others get through between") {
    out.sink->script = by_id({{"i0", down}});
    out.start();
    for (unsigned i = 0; i < 400; ++i) out.outbox->take(numbered(i));
    // Three times it could be the sink's failure; then another is tried.
    REQUIRE(out.run_until([&] {
      if (out.sink->delivered.size() >= 399) out.outbox->take(numbered(1));
      return out.counters().set_aside == 1;
    }));
    REQUIRE(out.run_until_idle());
    CHECK(out.health == Lines{"out: connection refused", "out: well"});
    CHECK(out.sink->batches[0] == Lines{"i0"});
    CHECK(out.sink->batches[2] == Lines{"i0"});
    CHECK(out.sink->batches[3] == Lines{"i1"});
  }
  CHECK(out.counters().set_aside == 1);
  CHECK(std::ranges::count(out.sink->delivered, "i0") == 0);
  CHECK(out.counters().delivered == out.counters().taken - 1);

  out.sink->script = [turn = 0](Batch batch) mutable {
    return all_of(batch, ++turn <= 30 ? down : taken);
  };
  for (unsigned i = 1000; i < 1020; ++i) out.outbox->take(keyed(i, 0));
  REQUIRE(out.run_until_idle());
  CHECK(out.counters().set_aside == 1);
  CHECK(Lines(out.sink->delivered.end() - 20, out.sink->delivered.end()) == numbers(1000, 1020));
}

TEST_CASE("Outbox: pauses double from the least to the most, give or take a fifth", "[outbox]") {
  Delivering out;
  out.settings.retry_min = 20ms;
  out.settings.retry_max = 160ms;
  out.sink->script = [&](Batch batch) {
    bool is_up = out.sink->batches.size() > 6;
    return all_of(batch, is_up ? taken : down);
  };
  out.start();
  out.outbox->take(numbered(0));
  REQUIRE(out.run_until_idle());
  REQUIRE(out.sink->times.size() == 7);
  const std::vector<std::chrono::milliseconds> pauses{20ms, 40ms, 80ms, 160ms, 160ms, 160ms};
  std::set<int64_t> different;
  for (size_t i = 0; i < pauses.size(); ++i) {
    auto pause = out.sink->times[i + 1] - out.sink->times[i];
    CHECK(pause >= pauses[i] * 4 / 5 - 1ms);  // whole milliseconds
    CHECK(pause <= pauses[i] * 6 / 5 + 1s);   // the machine may be busy
    different.insert(pause / 1ms);
  }
  CHECK(different.size() > 2);
  CHECK(out.counters().retried == 6);
  CHECK(out.health == Lines{"out: connection refused", "out: well"});
  CHECK(out.outbox->status().error == "");

  // After a success the first pause is the least again.
  out.sink->script = [turn = 0](Batch batch) mutable {
    return all_of(batch, ++turn == 1 ? down : taken);
  };
  out.outbox->take(numbered(1));
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->times[8] - out.sink->times[7] < 160ms * 4 / 5);
  CHECK(out.health.size() == 4);
}

TEST_CASE("Outbox: the other side's wish for a pause is heeded, of an outage and of one record",
          "[outbox]") {
  Delivering out;
  out.sink->batch_max = 2;
  out.sink->script = [turn = 0](Batch batch) mutable {
    ++turn;
    if (turn == 1) return std::vector<Delivery>(batch.size(), {Outcome::retry, "503", 120ms});
    if (turn == 2) return std::vector<Delivery>{{Outcome::retry, "429", 600ms}, taken};
    return all_of(batch, taken);
  };
  out.start();
  out.outbox->take(keyed(0, 0));
  out.outbox->take(keyed(1, 1));
  REQUIRE(out.run_until([&] { return out.sink->delivered.size() == 1; }));
  out.outbox->take(keyed(2, 2));
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->delivered == Lines{"i1", "i2", "i0"});
  REQUIRE(out.sink->times.size() == 4);
  CHECK(out.sink->times[1] - out.sink->times[0] >= 120ms);
  CHECK(out.sink->times[3] - out.sink->times[1] >= 600ms);
  CHECK(out.health == Lines{"out: 503", "out: well"});
}

TEST_CASE("Outbox: hurry() ends every pause", "[outbox]") {
  Delivering out;
  out.settings.retry_min = out.settings.retry_max = 1h;
  out.sink->script = [turn = 0](Batch batch) mutable {
    return all_of(batch, ++turn == 1 ? down : taken);
  };
  out.start();
  out.outbox->take(numbered(0));
  REQUIRE(out.run_until([&] { return !out.health.empty(); }));
  out.outbox->take(numbered(1));
  out.run_for(20ms);
  CHECK(out.sink->batches.size() == 1);
  CHECK(out.outbox->status().error == "connection refused");
  out.outbox->hurry();
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->delivered == numbers(0, 2));
}

TEST_CASE("Outbox: a burst of 100,000 while the sink is down is delivered when it is up",
          "[outbox]") {
  Delivering out;
  out.settings.queue = 2000;
  out.sink->batch_max = 500;
  bool is_up = false;
  out.sink->script = [&](Batch batch) { return all_of(batch, is_up ? taken : down); };
  out.start();
  std::map<std::string, unsigned> key_of;
  for (unsigned i = 0; i < 100'000; ++i) {
    key_of["i" + std::to_string(i)] = i % 1000;
    out.outbox->take(keyed(i, i % 1000));
    if (i % 1000 == 0) out.loop.poll();
  }
  CHECK(out.outbox->status().waiting == 100'000);
  CHECK(out.health == Lines{"out: connection refused"});
  CHECK(out.sink->delivered.empty());
  is_up = true;
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->delivered.size() == 100'000);
  std::vector<int> last(1000, -1);
  for (const std::string& id : out.sink->delivered) {
    int number = std::stoi(id.substr(1));
    int& before = last[key_of.at(id)];
    REQUIRE(number > before);
    REQUIRE((before < 0 || number == before + 1000));  // none missed, none twice
    before = number;
  }
  CHECK(out.counters().delivered == 100'000);
  CHECK(out.counters().lost == 0);
  CHECK(out.health == Lines{"out: connection refused", "out: well"});
  CHECK_FALSE(out.sink->was_called_while_busy);
}

TEST_CASE("Outbox: a sink that never answers is not called again, and that is told", "[outbox]") {
  Delivering out;
  out.settings.answer_max = 50ms;
  out.sink->batch_max = 2;
  out.sink->script = [](Batch) { return std::vector<Delivery>(); };
  out.start();
  for (unsigned i = 0; i < 1000; ++i) out.outbox->take(numbered(i));
  REQUIRE(out.run_until([&] { return !out.health.empty(); }));
  CHECK(out.health == Lines{"out: no answer for 50 ms"});
  out.outbox->hurry();
  out.run_for(100ms);
  CHECK(out.sink->batches.size() == 1);
  CHECK(out.outbox->status().waiting == 1000);
  CHECK(out.outbox->status().error == "no answer for 50 ms");
  CHECK_FALSE(out.outbox->is_idle());

  SECTION("its answer counts, however late") {
    out.sink->script = by_id({});
    out.sink->open({taken, taken});
    out.sink->open({down, down});  // a second one does not
    REQUIRE(out.run_until_idle());
    CHECK(out.sink->delivered == numbers(0, 1000));
    CHECK(out.counters().retried == 0);
    CHECK(out.health.back() == "out: well");
  }
  SECTION("too short an answer has the others tried again") {
    out.sink->script = by_id({});
    out.sink->open({taken});
    REQUIRE(out.run_until_idle());
    CHECK(out.sink->delivered.size() == 1000);
    CHECK(out.counters().retried == 1);
  }
  SECTION("after a restart all is there") {
    out.outbox.reset();
    out.sink = std::make_shared<SinkState>();
    out.start();
    REQUIRE(out.run_until_idle());
    CHECK(out.sink->delivered == numbers(0, 1000));
  }
}

TEST_CASE("Outbox: a restart in the midst of retries loses nothing and tells nothing twice",
          "[outbox]") {
  Delivering out;
  out.settings.queue = 20;
  out.sink->batch_max = 7;
  Lines delivered;
  for (unsigned run = 0; run < 20; ++run) {
    out.sink = std::make_shared<SinkState>();
    out.sink->batch_max = 7;
    out.sink->script = [&, turn = run](Batch batch) mutable {
      std::vector<Delivery> deliveries;
      for (size_t i = 0; i < batch.size(); ++i)
        deliveries.push_back((turn + i) % 3 == 0 || turn % 5 == 0 ? down : taken);
      ++turn;
      return deliveries;
    };
    out.start();
    for (unsigned i = 0; i < 50; ++i) out.outbox->take(keyed(run * 50 + i, i % 10));
    size_t some = 5 + run;
    REQUIRE(out.run_until([&] { return out.sink->delivered.size() >= some; }));
    // An answer that the sink has given and the outbox has not heard yet would be told again.
    REQUIRE(out.run_until([&] { return out.counters().delivered == out.sink->delivered.size(); }));
    delivered.insert(delivered.end(), out.sink->delivered.begin(), out.sink->delivered.end());
    out.outbox.reset();
  }
  out.sink = std::make_shared<SinkState>();
  out.start();
  REQUIRE(out.run_until_idle());
  delivered.insert(delivered.end(), out.sink->delivered.begin(), out.sink->delivered.end());
  CHECK(delivered.size() == 1000);
  std::vector<int> last(10, -1);
  for (const std::string& id : delivered) {
    int number = std::stoi(id.substr(1));
    REQUIRE(number == (last[static_cast<size_t>(number % 10)] < 0
                           ? number % 10
                           : last[static_cast<size_t>(number % 10)] + 10));
    last[static_cast<size_t>(number % 10)] = number;
  }
}

TEST_CASE("Outbox: steps of the wall clock change no pause and make no lag below nothing",
          "[outbox]") {
  Delivering out;
  out.settings.retry_min = out.settings.retry_max = 30ms;
  out.sink->script = [&](Batch batch) {
    return all_of(batch, out.sink->batches.size() > 8 ? taken : down);
  };
  out.start();
  Record record = numbered(0);
  record.time = wall_clock();
  auto begun = std::chrono::steady_clock::now();
  out.outbox->take(record);
  auto real = wall_clock();
  for (auto step : {-1h, 24h, -8760h}) {
    WallClockStep stepped(step);
    REQUIRE(std::chrono::abs(wall_clock() - real - step) < 1min);  // it is really stepped
    size_t before = out.sink->batches.size();
    REQUIRE(out.run_until([&] { return out.sink->batches.size() >= before + 2; }, 2s));
    auto lag = out.outbox->status().lag;
    CHECK(lag >= std::max<std::chrono::milliseconds>(0ms, step));
    CHECK(lag <= std::max<std::chrono::milliseconds>(0ms, step) + 1min);
  }
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->batches.size() == 9);
  for (size_t i = 1; i < 9; ++i) CHECK(out.sink->times[i] - out.sink->times[i - 1] >= 23ms);
  CHECK(std::chrono::steady_clock::now() - begun < 8 * 36ms + 10s);
  CHECK(out.outbox->status().lag == 0ms);
}

TEST_CASE("Outbox: what a full disk refuses waits in memory, is delivered, and is stored later",
          "[outbox]") {
  Delivering out;
  bool is_up = false;
  out.sink->batch_max = 100;
  out.sink->script = [&](Batch batch) { return all_of(batch, is_up ? taken : down); };
  out.start();
  out.outbox->take(keyed(0, 0));
  REQUIRE(out.run_until([&] { return !out.health.empty(); }));
  {
    FullDisk full(0);
    for (unsigned i = 1; i < 50; ++i) out.outbox->take(keyed(i, i % 5));
    out.run_for(20ms);
    CHECK(out.outbox->status().waiting == 50);
    CHECK(out.outbox->status().spool.appended == 1);
    CHECK(out.outbox->status().spool.failures >= 49);
    CHECK(out.counters().lost == 0);
    SECTION("the sink comes back first") {
      is_up = true;
      REQUIRE(out.run_until_idle());
      CHECK(out.sink->delivered.size() == 50);
    }
    SECTION("the disk comes back first") {}
  }
  if (!is_up) {
    out.outbox->take(keyed(50, 0));
    CHECK(out.outbox->status().spool.appended == 51);  // at once, in their order
    out.outbox.reset();
    out.sink = std::make_shared<SinkState>();
    out.start();
    REQUIRE(out.run_until_idle());
    CHECK(out.sink->delivered == numbers(0, 51));
  }
  std::vector<int> last(5, -1);
  for (const std::string& id : out.sink->delivered) {
    int number = std::stoi(id.substr(1));
    REQUIRE(number > last[static_cast<size_t>(number % 5)]);
    last[static_cast<size_t>(number % 5)] = number;
  }
}

TEST_CASE("Outbox: a record that still fits on the disk does not overtake one that does not",
          "[outbox]") {
  Delivering out;
  bool is_up = false;
  out.sink->script = [&](Batch batch) { return all_of(batch, is_up ? taken : down); };
  out.start();
  out.outbox->take(keyed(0, 0));
  {
    FullDisk full(1000);
    out.outbox->take(numbered(1, RecordKind::alert, "k0", 2000));
    out.outbox->take(keyed(2, 0));
    CHECK(out.outbox->status().spool.appended == 1);
    CHECK(out.outbox->status().waiting == 3);
  }
  out.outbox->take(keyed(3, 0));
  CHECK(out.outbox->status().spool.appended == 4);
  out.outbox.reset();
  is_up = true;
  out.start();
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->delivered == numbers(0, 4));
}

TEST_CASE("Outbox: what a full disk refused is stored though nothing else happens", "[outbox]") {
  Delivering out;
  out.sink->script = [](Batch) { return std::vector<Delivery>(); };
  out.start();
  {
    FullDisk full(0);
    for (unsigned i = 0; i < 3; ++i) out.outbox->take(keyed(i, i));
    REQUIRE(out.run_until([&] { return !out.sink->batches.empty(); }));
    CHECK(out.outbox->status().spool.appended == 0);
  }
  CHECK(out.run_until([&] { return out.outbox->status().spool.appended == 3; }, 5s));
  CHECK(out.outbox->status().waiting == 3);
}

TEST_CASE("Outbox: where neither disk nor memory has room inventory goes first, counted",
          "[outbox]") {
  Delivering out;
  out.settings.queue = 20;
  bool is_up = false;
  out.sink->batch_max = 100;
  out.sink->script = [&](Batch batch) { return all_of(batch, is_up ? taken : down); };
  out.start();
  {
    FullDisk full(0);
    // Ten have room: of 0 to 9 the even are devices.
    for (unsigned i = 0; i < 10; ++i)
      out.outbox->take(numbered(i, i % 2 == 0 ? RecordKind::device : RecordKind::alert));
    CHECK(out.counters().lost == 0);
    for (unsigned i = 10; i < 13; ++i) out.outbox->take(numbered(i));  // 0, 2 and 4 go
    CHECK(out.counters().lost == 3);
    out.outbox->take(numbered(13, RecordKind::device));                // 6
    for (unsigned i = 14; i < 18; ++i) out.outbox->take(numbered(i));  // 8, 13, then 1 and 3
    CHECK(out.counters().lost == 8);
    out.outbox->take(numbered(18, RecordKind::device));  // itself
    CHECK(out.counters().lost == 9);
    CHECK(out.outbox->status().waiting == 10);
    is_up = true;
    REQUIRE(out.run_until_idle());
    CHECK(out.sink->delivered ==
          Lines{"i5", "i7", "i9", "i10", "i11", "i12", "i14", "i15", "i16", "i17"});
  }
  CHECK(out.counters().taken == 19);
  CHECK(out.counters().delivered == 10);
}

TEST_CASE("Outbox: a full spool of mixed kinds gives up inventory, and each record is counted once",
          "[outbox]") {
  Delivering out;
  out.settings.spool.size_max = 1 << 20;
  out.settings.queue = 500;
  out.sink->batch_max = 50;
  bool is_up = false;
  out.sink->script = [&](Batch batch) { return all_of(batch, is_up ? taken : down); };
  out.start();
  unsigned alerts = 0;
  for (unsigned i = 0; i < 3000; ++i) {
    bool is_alert = i % 5 == 0;
    alerts += is_alert;
    out.outbox->take(numbered(i, is_alert ? RecordKind::alert : RecordKind::device,
                              "k" + std::to_string(i % 50), 900));
    if (i % 100 == 0) out.run_for(1ms);
  }
  auto status = out.outbox->status();
  CHECK(status.spool.dropped_devices > 1500);
  CHECK(status.spool.dropped_alerts == 0);
  CHECK(status.waiting == 3000 - status.spool.dropped_devices);
  is_up = true;
  REQUIRE(out.run_until_idle());
  CHECK(out.counters().delivered == 3000 - status.spool.dropped_devices);
  CHECK(out.sink->delivered.size() == out.counters().delivered);
  unsigned alerts_delivered = 0;
  for (const std::string& id : out.sink->delivered)
    alerts_delivered += std::stoi(id.substr(1)) % 5 == 0;
  CHECK(alerts_delivered == alerts);
  CHECK(out.counters().lost == 0);
}

TEST_CASE(
    "Outbox: what the spool gives up while it is in memory or under way is counted there alone",
    "[outbox]") {
  Delivering out;
  out.settings.spool.size_max = 1 << 20;
  out.sink->batch_max = 4;
  out.sink->script = [](Batch) { return std::vector<Delivery>(); };
  out.start();
  for (unsigned i = 0; i < 4; ++i) out.outbox->take(keyed(i, i));
  REQUIRE(out.run_until([&] { return !out.sink->batches.empty(); }));
  for (unsigned i = 4; i < 2000; ++i)
    out.outbox->take(numbered(i, RecordKind::alert, "k" + std::to_string(i % 4), 900));
  uint64_t dropped = out.outbox->status().spool.dropped_alerts;
  CHECK(dropped > 900);
  out.sink->script = by_id({});
  out.sink->open({taken, taken, poisoned, down});
  REQUIRE(out.run_until_idle());
  CHECK(out.outbox->status().spool.dropped_alerts == dropped);
  CHECK(out.counters().delivered == 2000 - dropped);
  CHECK(out.counters().set_aside == 0);
  CHECK(out.sink->delivered.size() == 2 + 2000 - dropped);
  CHECK(out.sink->delivered.back() == "i1999");
}

TEST_CASE("Outbox: room for one record in memory is enough", "[outbox]") {
  Delivering out;
  out.settings.queue = 1;
  out.sink->batch_max = 10;
  out.start();
  for (unsigned i = 0; i < 50; ++i) out.outbox->take(keyed(i, i % 3));
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->delivered == numbers(0, 50));
}

TEST_CASE("Outbox: it can go while a batch is under way", "[outbox]") {
  Delivering out;
  out.sink->script = [](Batch) { return std::vector<Delivery>(); };
  out.start();
  out.outbox->take(numbered(0));
  REQUIRE(out.run_until([&] { return !out.sink->batches.empty(); }));
  auto open = out.sink->open;
  out.outbox.reset();
  open({taken});  // by a sink that does what no sink may
  out.run_for(5ms);
  out.sink = std::make_shared<SinkState>();
  out.start();
  REQUIRE(out.run_until_idle());
  CHECK(out.sink->delivered == Lines{"i0"});
}
