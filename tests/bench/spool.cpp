// SPDX-License-Identifier: Apache-2.0
// How fast a spool takes records by each of its sync policies, how fast it is read and opened
// again, what memory a million waiting records take, and how fast an outbox brings them to a sink.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <vector>

#include "deliver/outbox.hpp"

namespace tapwarden::bench {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr size_t kLine = 700;  // octets, as an alert with two claims has

Record alert(size_t number, size_t line = kLine) {
  Record record{RecordKind::alert, wall_clock(), "{\"kind\":\"alert\",\"note\":\"", {}, {}, "ban"};
  record.id = fmt::format("{:016x}", number);
  record.key = fmt::format("{:08x}", number % 5000);
  record.line.resize(std::max<size_t>(record.line.size(), line - 2), 'x');
  record.line += "\"}";
  return record;
}

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

double resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  size_t size = 0, resident = 0;
  statm >> size >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

void appends(const fs::path& directory, SpoolSettings::Sync sync, const char* name, size_t round,
             double limit) {
  fs::remove_all(directory);
  SpoolSettings settings;
  settings.size_max = size_t{4} << 30;
  settings.sync = sync;
  auto forcer = std::make_shared<Forcer>();
  Spool spool(directory, settings, forcer);
  Record record = alert(1);
  size_t count = 0;
  auto begun = Clock::now();
  while (count < 200'000 && seconds_since(begun) < limit) {
    for (size_t i = 0; i < round; ++i) count += spool.append(record).has_value();
    forcer->force();
  }
  fmt::print("{:<7} {:>5} a round  {:>10.0f} appends/s\n", name, round,
             static_cast<double>(count) / seconds_since(begun));
}

void million(const fs::path& directory) {
  fs::remove_all(directory);
  constexpr size_t count = 1'000'000;
  SpoolSettings settings;
  settings.size_max = size_t{4} << 30;
  settings.sync = SpoolSettings::Sync::never;
  double before = resident_megabytes();
  auto begun = Clock::now();
  {
    Spool spool(directory, settings);
    for (size_t i = 0; i < count; ++i) spool.append(alert(i, 100));
    fmt::print(
        "\na million records of 100 octets: {:.0f} appends/s, {} MB on disk, {:.1f} MB of memory\n",
        count / seconds_since(begun), spool.size() / 1'000'000, resident_megabytes() - before);
  }
  begun = Clock::now();
  Spool spool(directory, settings);
  fmt::print("opened again in {:.2f} s ({} wait, {:.1f} MB of memory)\n", seconds_since(begun),
             spool.waiting(), resident_megabytes() - before);
  begun = Clock::now();
  size_t read = 0;
  SpoolPosition after = 0;
  for (;;) {
    auto entries = spool.read(after, 1000, 4 << 20);
    if (entries.empty()) break;
    read += entries.size();
    after = entries.back().position;
  }
  double seconds = seconds_since(begun);
  fmt::print("read by the thousand: {:.0f} records/s, {:.0f} MB/s\n",
             static_cast<double>(read) / seconds,
             static_cast<double>(spool.size()) / 1e6 / seconds);
}

/// Every other record is a device: segments are written anew, which no append can wait for.
void full(const fs::path& directory, SpoolSettings::Sync sync, const char* name) {
  fs::remove_all(directory);
  SpoolSettings settings;
  settings.sync = sync;
  Spool spool(directory, settings);
  std::vector<double> times;
  for (size_t i = 0; i < 500'000; ++i) {
    Record record = alert(i);
    if (i % 2 == 0) record.kind = RecordKind::device;
    auto begun = Clock::now();
    spool.append(record);
    if (spool.counters().dropped_devices != 0) times.push_back(seconds_since(begun) * 1e3);
  }
  std::ranges::sort(times);
  double sum = 0;
  for (double time : times) sum += time;
  fmt::print(
      "full, {:<6}: {} devices and {} alerts given up; an append takes {:.4f} ms, the longest "
      "{:.0f} ms\n",
      name, spool.counters().dropped_devices, spool.counters().dropped_alerts,
      sum / static_cast<double>(times.size()), times.back());
}

class InstantSink : public Sink {
 public:
  explicit InstantSink(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}
  void deliver(std::span<const Message> batch, Done done) override {
    boost::asio::post(loop_, [done = std::move(done), size = batch.size()] {
      done(std::vector<Delivery>(size, {Outcome::delivered, {}, {}}));
    });
  }
  size_t batch_max() const override { return 500; }

 private:
  boost::asio::any_io_executor loop_;
};

void deliveries(const fs::path& directory) {
  fs::remove_all(directory);
  constexpr size_t count = 200'000;
  boost::asio::io_context loop{1};
  OutboxSettings settings;
  settings.spool.sync = SpoolSettings::Sync::never;
  settings.spool.size_max = size_t{4} << 30;
  Outbox outbox(loop.get_executor(), settings, directory,
                std::make_unique<InstantSink>(loop.get_executor()), {});
  auto begun = Clock::now();
  for (size_t i = 0; i < count; ++i) outbox.take(alert(i));
  fmt::print("\nan outbox takes {:.0f} records/s in one burst", count / seconds_since(begun));
  begun = Clock::now();
  while (!outbox.is_idle()) loop.run_one();
  fmt::print(" and brings {:.0f} records/s to a sink that takes 500 at once\n",
             count / seconds_since(begun));
}

int run(const fs::path& directory) {
  using enum SpoolSettings::Sync;
  for (size_t round : {1, 16, 256}) appends(directory, never, "never", round, 3);
  for (size_t round : {1, 16, 256}) appends(directory, alerts, "alerts", round, 3);
  for (size_t round : {1, 16, 256}) appends(directory, always, "always", round, 3);
  million(directory);
  full(directory, never, "never");
  full(directory, alerts, "alerts");
  deliveries(directory);
  fs::remove_all(directory);
  return 0;
}

}  // namespace

}  // namespace tapwarden::bench

int main(int count, char** values) {
  if (count != 2) {
    fmt::print(stderr, "usage: spool_speed DIRECTORY\n");
    return 2;
  }
  try {
    return tapwarden::bench::run(values[1]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "spool_speed: {}\n", error.what());
    return 1;
  }
}
