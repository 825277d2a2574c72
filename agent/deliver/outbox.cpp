// SPDX-License-Identifier: Apache-2.0
#include "deliver/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <optional>

#include "deliver/backlog.hpp"
#include "deliver/pace.hpp"
#include "deliver/steadiness.hpp"

namespace tapwarden {

namespace {

namespace asio = boost::asio;
using Clock = Lineup::Clock;
using std::chrono::milliseconds;

}  // namespace

struct Outbox::State : std::enable_shared_from_this<Outbox::State> {
  State(asio::any_io_executor loop_, OutboxSettings settings_, std::filesystem::path directory,
        std::unique_ptr<Sink> sink_, OnHealth on_health_, std::shared_ptr<Forcer> forcer)
      : loop(std::move(loop_)),
        settings(std::move(settings_)),
        backlog(std::move(directory), settings.spool, settings.queue, std::move(forcer)),
        on_health(std::move(on_health_)),
        pace(settings.retry_min, settings.retry_max),
        health(settings.calm),
        spool_health(settings.calm),
        next_step(loop),
        answer_limit(loop),
        sink(std::move(sink_)) {}

  asio::any_io_executor loop;
  OutboxSettings settings;
  Backlog backlog;
  OnHealth on_health;
  OnHealth on_spool;
  Counters counters;
  Pace pace;
  Steadiness health;
  Steadiness spool_health;  // a disk that is full takes a record now and then

  asio::steady_timer next_step;
  asio::steady_timer answer_limit;
  std::vector<Lineup::Ticket> batch;
  std::vector<Message> messages;
  std::unique_ptr<Sink> sink;  // goes before the messages that it looks at

  bool is_scheduled = false;
  bool is_under_way = false;
  uint64_t round = 0;          // of deliver(): an answer that comes twice is told by it
  uint64_t taken_batches = 0;  // of which the sink took something
  std::optional<Clock::time_point> company_until;  // a batch with room left goes
  size_t hurried = 0;                              // so many records wait for no company
  Lineup::Ticket start = 0;                        // where the next batch begins
  std::string error;
  std::string set_aside_error;

  void schedule();
  void step();
  void step_at(Clock::time_point time);

  std::optional<Clock::time_point> waits_for_company(Clock::time_point now);
  void gather();
  bool add(Lineup::Ticket ticket, size_t& size);
  void send();
  void answer(uint64_t answered, const std::vector<Delivery>& deliveries);
  bool fail(Lineup::Ticket ticket, const Delivery& delivery, bool others_taken);
  void tell();
  void watch_spool(Clock::time_point now);
  void finish(Lineup::Ticket ticket);
  void set_aside(Lineup::Ticket ticket, const std::string& reason);
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
  if (health.pass(now)) tell();
  Clock::time_point next = std::min(health.due(), spool_health.due());
  if (backlog.is_wanting()) next = std::min(next, now + settings.retry_min);
  if (!is_under_way && now < pace.rest_until()) {
    next = std::min(next, pace.rest_until());
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
  if (!is_ready || hurried != 0 || backlog.waiting() >= sink->batch_max()) return std::nullopt;
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
  size_t full = std::max<size_t>(1, sink->batch_max());
  if (batch.size() >= (sink->divides() ? full : pace.batch_max(full))) return false;
  Lineup::Item& item = backlog.lineup().at(ticket);
  if (!batch.empty() && item.goes_alone) return true;
  if (!batch.empty() && backlog.lineup().at(batch[0]).goes_alone) return false;
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
  hurried -= std::min(hurried, batch.size());
  company_until.reset();
  auto weak = weak_from_this();
  answer_limit.expires_after(settings.answer_max);
  answer_limit.async_wait([weak, sent = ++round](const boost::system::error_code& cancelled) {
    auto self = weak.lock();
    if (!self || cancelled || !self->is_under_way || self->round != sent) return;
    self->error = fmt::format("no answer for {} ms", self->settings.answer_max.count());
    if (self->health.note(false, Clock::now())) self->tell();
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
  if (health.is_well()) error.clear();
  bool any_delivered = false;
  bool any_failed = false;
  bool is_outage = false;
  milliseconds wish{};
  for (size_t i = 0; i < batch.size(); ++i) {
    Delivery delivery = delivery_of(i);
    if (delivery.outcome == Outcome::delivered) {
      any_delivered = true;
      finish(batch[i]);
    } else if (delivery.outcome == Outcome::poisoned) {
      set_aside(batch[i], delivery.error);
    } else {
      if (delivery.error.empty()) delivery.error = "no reason given";
      if (!std::exchange(any_failed, true)) error = delivery.error;
      wish = std::max(wish, delivery.pause);
      if (fail(batch[i], delivery, any_taken)) is_outage = true;
    }
  }
  if (any_taken)
    pace.taken(sink->batch_max());
  else if (is_outage)
    pace.failed(batch.size(), wish);
  start = pace.is_probing() ? batch.back() + 1 : 0;
  batch.clear();
  messages.clear();
  // That a record is refused for good is no delivery, nor is it an outage.
  if ((any_delivered || is_outage) && health.note(!is_outage, Clock::now())) tell();
  backlog.spool().write_done();
  hurried = std::min(hurried, backlog.waiting());
  schedule();
}

/// Whether it may be the sink's failure rather than the record's own: nothing was taken, neither
/// with it nor, where it was alone, between its last failure and this one.
bool Outbox::State::fail(Lineup::Ticket ticket, const Delivery& delivery, bool others_taken) {
  Lineup::Item& item = backlog.lineup().at(ticket);
  bool is_alone = batch.size() == 1;
  bool is_own =
      others_taken || (is_alone && item.last_failure && *item.last_failure != taken_batches);
  item.last_failure = taken_batches;
  if (is_alone) item.goes_alone = true;
  if (is_alone && is_own) item.is_to_blame = true;
  if (!is_own && !(is_alone && item.is_to_blame)) return true;
  if (is_own) ++item.own_failures;
  if (settings.attempts_max != 0 && item.own_failures >= settings.attempts_max)
    set_aside(ticket, delivery.error);
  else
    backlog.lineup().rest(ticket, Clock::now() + pace.pause(++item.rests, delivery.pause));
  return false;
}

void Outbox::State::tell() {
  if (health.is_well()) error.clear();
  if (on_health) on_health(settings.name, error);
}

void Outbox::State::watch_spool(Clock::time_point now) {
  if (!spool_health.note(!backlog.is_refused(), now) || !on_spool) return;
  on_spool(settings.name, spool_health.is_well()
                              ? ""
                              : fmt::format("the disk takes no records; memory keeps {} at most",
                                            std::max<size_t>(1, settings.queue / 2)));
}

// One that the spool gave up while it was under way is counted there.
void Outbox::State::finish(Lineup::Ticket ticket) {
  if (backlog.waits(ticket)) ++counters.delivered;
  backlog.finish(ticket);
}

/// What the disk does not keep is tried again later: nobody could read it anywhere.
void Outbox::State::set_aside(Lineup::Ticket ticket, const std::string& reason) {
  if (!backlog.waits(ticket)) return backlog.finish(ticket);
  if (!backlog.set_aside(ticket, reason)) {
    error = fmt::format("the disk does not keep what is to be set aside: {}", reason);
    return backlog.lineup().rest(ticket, Clock::now() + settings.retry_max);
  }
  ++counters.set_aside;
  set_aside_error = reason;
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
  size_t under_way = state_->is_under_way ? state_->batch.size() : 0;
  size_t waiting = state_->backlog.waiting();
  state_->hurried = waiting - std::min(waiting, under_way);
  state_->pace.hurry();
  state_->backlog.lineup().wake(Clock::time_point::max());
  state_->schedule();
}

std::string Outbox::reopen() { return state_->sink->reopen(); }

bool Outbox::is_idle() const { return !state_->is_under_way && state_->backlog.waiting() == 0; }

Outbox::Status Outbox::status() const {
  const Backlog& backlog = state_->backlog;
  Status status{state_->settings.name,
                state_->counters,
                backlog.spool().counters(),
                backlog.waiting(),
                {},
                state_->error,
                state_->set_aside_error};
  status.counters.lost = backlog.lost();
  if (auto oldest = backlog.oldest()) {
    auto age = std::chrono::duration_cast<milliseconds>(wall_clock() - *oldest);
    status.lag = std::max(milliseconds(0), age);  // the clock may have been set back
  }
  return status;
}

}  // namespace tapwarden
