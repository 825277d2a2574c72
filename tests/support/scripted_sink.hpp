// SPDX-License-Identifier: Apache-2.0
// A sink that answers as a test says and remembers what it was given; and an outbox before it, with
// a loop to run.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "deliver/outbox.hpp"
#include "support/files.hpp"

namespace tapwarden::test {

/// One answer for each message; none at all: the sink is silent until its `open` is called.
using Script = std::function<std::vector<Delivery>(std::span<const Message>)>;

inline std::vector<Delivery> all_of(std::span<const Message> batch, const Delivery& delivery) {
  return std::vector<Delivery>(batch.size(), delivery);
}
inline const Delivery taken{Outcome::delivered, "", {}};
inline const Delivery down{Outcome::retry, "connection refused", {}};
inline const Delivery poisoned{Outcome::poisoned, "400", {}};

struct SinkState {
  Script script = [](std::span<const Message> batch) { return all_of(batch, taken); };
  size_t batch_max = 1;
  size_t batch_size_max = 1 << 20;
  bool divides = false;
  std::chrono::milliseconds linger{};
  std::vector<Lines> batches{};  // the ids of what was given
  std::vector<std::chrono::steady_clock::time_point> times{};
  Lines delivered{};
  Sink::Done open{};
  unsigned reopened = 0;
  std::string reopen_error{};
  bool is_busy = false;
  bool was_called_while_busy = false;
};

class ScriptedSink : public Sink {
 public:
  ScriptedSink(boost::asio::any_io_executor loop, std::shared_ptr<SinkState> state)
      : loop_(std::move(loop)), state_(std::move(state)) {}

  void deliver(std::span<const Message> batch, Done done) override {
    state_->was_called_while_busy |= std::exchange(state_->is_busy, true);
    state_->times.push_back(std::chrono::steady_clock::now());
    Lines& ids = state_->batches.emplace_back();
    for (const Message& message : batch) ids.push_back(message.id);
    std::weak_ptr<SinkState> weak = state_;  // which holds the answer in turn
    auto answer = [weak, ids, done = std::move(done)](std::vector<Delivery> deliveries) {
      auto state = weak.lock();
      if (!state) return;
      state->is_busy = false;
      for (size_t i = 0; i < ids.size() && i < deliveries.size(); ++i) {
        if (deliveries[i].outcome == Outcome::delivered) state->delivered.push_back(ids[i]);
      }
      done(std::move(deliveries));
    };
    std::vector<Delivery> deliveries = state_->script(batch);
    state_->open = answer;
    if (!deliveries.empty()) boost::asio::post(loop_, [answer, deliveries] { answer(deliveries); });
  }
  size_t batch_max() const override { return state_->batch_max; }
  size_t batch_size_max() const override { return state_->batch_size_max; }
  bool divides() const override { return state_->divides; }
  std::chrono::milliseconds linger() const override { return state_->linger; }
  std::string reopen() override {
    ++state_->reopened;
    return state_->reopen_error;
  }

 private:
  boost::asio::any_io_executor loop_;
  std::shared_ptr<SinkState> state_;
};

/// Pauses are of milliseconds, an output is well again at once, all kinds are taken and nothing is
/// forced to disk, unless a test says otherwise before start().
struct Delivering {
  Delivering() {
    settings.name = "out";
    settings.filter.kinds = {RecordKind::device, RecordKind::alert, RecordKind::digest,
                             RecordKind::health, RecordKind::summary};
    settings.retry_min = std::chrono::milliseconds(2);
    settings.retry_max = std::chrono::milliseconds(8);
    settings.calm = std::chrono::milliseconds(0);
    settings.spool.sync = SpoolSettings::Sync::never;
  }
  void start() {
    outbox =
        std::make_unique<Outbox>(loop.get_executor(), settings, directory.path() / "spool",
                                 std::make_unique<ScriptedSink>(loop.get_executor(), sink),
                                 [this](const std::string& name, const std::string& error) {
                                   health.push_back(name + ": " + (error.empty() ? "well" : error));
                                 });
  }
  /// Until it holds; false where it does not within the time.
  bool run_until(const std::function<bool()>& holds,
                 std::chrono::milliseconds limit = std::chrono::seconds(60)) {
    auto end = std::chrono::steady_clock::now() + limit;
    while (!holds() && std::chrono::steady_clock::now() < end)
      loop.run_one_for(std::chrono::milliseconds(2));
    return holds();
  }
  bool run_until_idle() {
    return run_until([this] { return outbox->is_idle(); });
  }
  void run_for(std::chrono::milliseconds time) { loop.run_for(time); }
  Outbox::Counters counters() const { return outbox->status().counters; }

  boost::asio::io_context loop{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      loop.get_executor()};
  Directory directory;
  OutboxSettings settings;
  std::shared_ptr<SinkState> sink = std::make_shared<SinkState>();
  Lines health;
  std::unique_ptr<Outbox> outbox;
};

}  // namespace tapwarden::test
