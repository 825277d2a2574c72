// SPDX-License-Identifier: Apache-2.0
#include "deliver/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <optional>
#include <random>

#include "core/seed.hpp"
#include "deliver/backlog.hpp"

namespace tapwarden {

namespace {

namespace asio = boost::asio;
using Clock = Lineup::Clock;
using std::chrono::milliseconds;

// However long the other side wishes us away.
constexpr milliseconds kWishMax = std::chrono::hours(1);
// After so many batches in a row that nobody took another one is tried: it may be the batch.
constexpr unsigned kSameBatchMax = 3;
// A disk that is full takes a record now and then: it is well when it has taken them for so long.
constexpr auto kCalm = std::chrono::seconds(10);

}  // namespace

struct Outbox::State : std::enable_shared_from_this<Outbox::State> {
  State(asio::any_io_executor loop_, OutboxSettings settings_, std::filesystem::path directory,
        std::unique_ptr<Sink> sink_, OnHealth on_health_, std::shared_ptr<Forcer> forcer)
      : loop(std::move(loop_)),
        settings(std::move(settings_)),
        backlog(std::move(directory), settings.spool, settings.queue, std::move(forcer)),
        on_health(std::move(on_health_)),
        next_step(loop),
        answer_limit(loop),
        sink(std::move(sink_)) {}

  asio::any_io_executor loop;
  OutboxSettings settings;
  Backlog backlog;
  OnHealth on_health;
  OnHealth on_spool;
  Counters counters;
  std::minstd_rand random{static_cast<std::minstd_rand::result_type>(random_seed())};

  asio::steady_timer next_step;
  asio::steady_timer answer_limit;
  std::vector<Lineup::Ticket> batch;
  std::vector<Message> messages;
  std::unique_ptr<Sink> sink;  // goes before the messages that it looks at

  bool is_scheduled = false;
  bool is_under_way = false;
  uint64_t round = 0;          // of deliver(): an answer that comes twice is told by it
  uint64_t taken_batches = 0;  // of which the sink took something
  unsigned failures = 0;       // batches in a row of which it took nothing
  Clock::time_point rest_until{};
  std::optional<Clock::time_point> company_until;  // a batch with room left goes
  bool is_hurried = false;                         // the end is near: nothing waits for company
  Lineup::Ticket start = 0;                        // where the next batch begins
  bool is_failing = false;
  bool is_spool_failing = false;
  Clock::time_point refused_at{};  // by the disk, last
  std::string error;

  void schedule();
  void step();
  void step_at(Clock::time_point time);

  std::optional<Clock::time_point> waits_for_company(Clock::time_point now);
  void gather();
  bool add(Lineup::Ticket ticket, size_t& size);
  void send();
  void answer(uint64_t answered, const std::vector<Delivery>& deliveries);
  bool fail(Lineup::Ticket ticket, const Delivery& delivery, bool others_taken);
  void conclude(bool any_taken, bool is_outage, milliseconds wish);
  void tell(bool failing);
  void watch_spool(Clock::time_point now);
  void finish(Lineup::Ticket ticket);
  void set_aside(Lineup::Ticket ticket, std::string_view reason);
  milliseconds pause(unsigned failures_in_a_row, milliseconds wish);
};

void Outbox::State::schedule() {
  if (std::exchange(is_scheduled, true)) return;
  asio::post(loop, [weak = weak_from_this()] {
    auto self = weak.lock();
    if (!self) return;
    self->is_scheduled = false;
    self->step();
  });
}

void Outbox::State::step_at(Clock::time_point time) {
  if (next_step.expiry() == time) return;
  next_step.expires_at(time);
  next_step.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
    auto self = weak.lock();
    if (!self || cancelled) return;
    self->next_step.expires_at(Clock::time_point::min());
    self->step();
  });
}

void Outbox::State::step() {
  backlog.store();
  bool is_more = backlog.load();
  Clock::time_point now = Clock::now();
  watch_spool(now);
  Clock::time_point next =
      backlog.is_wanting() ? now + settings.retry_min : Clock::time_point::max();
  if (is_spool_failing) next = std::min(next, refused_at + kCalm);
  if (!is_under_way && now < rest_until) {
    next = std::min(next, rest_until);
  } else if (!is_under_way) {
    backlog.lineup().wake(now);
    if (auto until = waits_for_company(now)) {
      step_at(std::min(next, *until));
      return;
    }
    gather();
    if (!batch.empty())
      send();
    else if (is_more)
      return schedule();
    else if (auto wake = backlog.lineup().next_wake())
      next = std::min(next, *wake);
  }
  if (next != Clock::time_point::max()) step_at(next);
}

/// Until when a batch with room left waits for more; none when it need not.
std::optional<Clock::time_point> Outbox::State::waits_for_company(Clock::time_point now) {
  bool is_ready = backlog.lineup().ready(0) != 0;
  if (!is_ready || is_hurried || backlog.waiting() >= sink->batch_max()) return std::nullopt;
  if (!company_until) company_until = now + sink->linger();
  return now < *company_until ? company_until : std::nullopt;
}

/// From `start` on to the end, then from the front.
void Outbox::State::gather() {
  size_t size = 0;
  bool is_round = false;
  Lineup::Ticket first = start;
  for (Lineup::Ticket at = first;;) {
    Lineup::Ticket ticket = backlog.lineup().ready(at);
    if (ticket == 0 && !is_round) {
      is_round = true;
      at = 0;
      continue;
    }
    if (ticket == 0 || (is_round && ticket >= first)) break;
    at = ticket + 1;
    if (!add(ticket, size)) break;
  }
}

/// False when the batch is full.
bool Outbox::State::add(Lineup::Ticket ticket, size_t& size) {
  if (batch.size() >= std::max<size_t>(1, sink->batch_max())) return false;
  Lineup::Item& item = backlog.lineup().at(ticket);
  if (!backlog.waits(ticket)) {
    backlog.finish(ticket);
    return true;
  }
  const Record& record = item.record;
  Message message{record.kind, record.time, record.severity, record.id, record.key, {}};
  try {
    message.text = encode(record, settings.format);
  } catch (const std::exception& wrong) {
    set_aside(ticket, wrong.what());
    return true;
  }
  if (!batch.empty() && size + message.text.size() > sink->batch_size_max()) return false;
  size += message.text.size();
  if (item.attempts++ != 0) ++counters.retried;
  batch.push_back(ticket);
  messages.push_back(std::move(message));
  return true;
}

void Outbox::State::send() {
  is_under_way = true;
  company_until.reset();
  auto weak = weak_from_this();
  answer_limit.expires_after(settings.answer_max);
  answer_limit.async_wait([weak, sent = ++round](const boost::system::error_code& cancelled) {
    auto self = weak.lock();
    if (!self || cancelled || !self->is_under_way || self->round != sent) return;
    self->error = fmt::format("no answer for {} ms", self->settings.answer_max.count());
    self->tell(true);
  });
  sink->deliver(messages, [weak, sent = round](const std::vector<Delivery>& deliveries) {
    if (auto self = weak.lock()) self->answer(sent, deliveries);
  });
}

void Outbox::State::answer(uint64_t answered, const std::vector<Delivery>& deliveries) {
  if (!is_under_way || answered != round) return;
  is_under_way = false;
  answer_limit.cancel();
  auto delivery_of = [&](size_t i) {
    return i < deliveries.size() ? deliveries[i] : Delivery{Outcome::retry, "no answer for it", {}};
  };
  bool any_taken = std::ranges::any_of(
      deliveries, [](const Delivery& delivery) { return delivery.outcome != Outcome::retry; });
  if (any_taken) ++taken_batches;
  error.clear();
  bool is_outage = false;
  milliseconds wish{};
  for (size_t i = 0; i < batch.size(); ++i) {
    Delivery delivery = delivery_of(i);
    if (delivery.outcome == Outcome::delivered) {
      finish(batch[i]);
    } else if (delivery.outcome == Outcome::poisoned) {
      set_aside(batch[i], delivery.error);
    } else {
      if (error.empty()) error = delivery.error.empty() ? "no reason given" : delivery.error;
      wish = std::max(wish, delivery.pause);
      if (fail(batch[i], delivery, any_taken)) is_outage = true;
    }
  }
  Lineup::Ticket last = batch.back();
  batch.clear();
  messages.clear();
  conclude(any_taken, is_outage, wish);
  if (failures >= kSameBatchMax) start = last + 1;
  backlog.spool().write_done();
  if (backlog.waiting() == 0) is_hurried = false;
  schedule();
}

/// Whether it may be the sink's failure rather than the record's own: nothing was taken, neither
/// with it nor between its last failure and this one.
bool Outbox::State::fail(Lineup::Ticket ticket, const Delivery& delivery, bool others_taken) {
  Lineup::Item& item = backlog.lineup().at(ticket);
  bool is_own = others_taken || (item.last_failure && *item.last_failure != taken_batches);
  item.last_failure = taken_batches;
  if (!is_own) return true;
  ++item.own_failures;
  if (settings.attempts_max != 0 && item.own_failures >= settings.attempts_max)
    set_aside(ticket, delivery.error);
  else
    backlog.lineup().rest(ticket, Clock::now() + pause(item.own_failures, delivery.pause));
  return false;
}

void Outbox::State::conclude(bool any_taken, bool is_outage, milliseconds wish) {
  if (any_taken) {
    failures = 0;
    start = 0;
    rest_until = {};
    tell(false);
  } else if (is_outage) {
    ++failures;
    rest_until = Clock::now() + pause(failures, wish);
    tell(true);
  }
}

void Outbox::State::tell(bool failing) {
  if (std::exchange(is_failing, failing) == failing || !on_health) return;
  on_health(settings.name, failing ? error : "");
}

void Outbox::State::watch_spool(Clock::time_point now) {
  if (backlog.is_refused()) refused_at = now;
  bool failing = backlog.is_refused() || (is_spool_failing && now - refused_at < kCalm);
  if (std::exchange(is_spool_failing, failing) == failing || !on_spool) return;
  on_spool(settings.name, failing
                              ? fmt::format("the disk takes no records; memory keeps {} at most",
                                            std::max<size_t>(1, settings.queue / 2))
                              : "");
}

// One that the spool gave up while it was under way is counted there.
void Outbox::State::finish(Lineup::Ticket ticket) {
  if (backlog.waits(ticket)) ++counters.delivered;
  backlog.finish(ticket);
}

void Outbox::State::set_aside(Lineup::Ticket ticket, std::string_view reason) {
  if (backlog.waits(ticket)) ++counters.set_aside;
  backlog.set_aside(ticket, reason);
}

milliseconds Outbox::State::pause(unsigned failures_in_a_row, milliseconds wish) {
  milliseconds pause = settings.retry_min;
  for (unsigned i = 1; i < failures_in_a_row && pause < settings.retry_max; ++i) pause *= 2;
  pause = std::min(pause, settings.retry_max);
  std::uniform_real_distribution<double> jitter(0.8, 1.2);
  pause = milliseconds(static_cast<int64_t>(static_cast<double>(pause.count()) * jitter(random)));
  return std::max(pause, std::min(wish, std::max(settings.retry_max, kWishMax)));
}

Outbox::Outbox(asio::any_io_executor loop, OutboxSettings settings, std::filesystem::path directory,
               std::unique_ptr<Sink> sink, OnHealth on_health, std::shared_ptr<Forcer> forcer)
    : state_(std::make_shared<State>(std::move(loop), std::move(settings), std::move(directory),
                                     std::move(sink), std::move(on_health), std::move(forcer))) {
  if (!is_idle()) state_->schedule();
}

Outbox::~Outbox() = default;

void Outbox::watch_spool(OnHealth on_spool) { state_->on_spool = std::move(on_spool); }

bool Outbox::wants(const Record& record) const { return takes(state_->settings.filter, record); }

void Outbox::take(const Record& record) {
  if (!wants(record)) return;
  ++state_->counters.taken;
  state_->backlog.take(record);
  state_->watch_spool(Clock::now());
  state_->schedule();
}

void Outbox::hurry() {
  state_->is_hurried = true;
  state_->rest_until = {};
  state_->backlog.lineup().wake(Clock::time_point::max());
  state_->schedule();
}

void Outbox::reopen() { state_->sink->reopen(); }

bool Outbox::is_idle() const { return !state_->is_under_way && state_->backlog.waiting() == 0; }

Outbox::Status Outbox::status() const {
  const Backlog& backlog = state_->backlog;
  Status status{
      state_->settings.name, state_->counters, backlog.spool().counters(), backlog.waiting(), {},
      state_->error};
  status.counters.lost = backlog.lost();
  if (auto oldest = backlog.oldest()) {
    auto age = std::chrono::duration_cast<milliseconds>(wall_clock() - *oldest);
    status.lag = std::max(milliseconds(0), age);  // the clock may have been set back
  }
  return status;
}

}  // namespace tapwarden
