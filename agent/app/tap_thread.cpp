// SPDX-License-Identifier: Apache-2.0
#include "app/tap_thread.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace tapwarden {

using namespace std::chrono_literals;

namespace {

constexpr auto kLastFrames = 300ms;
constexpr size_t kNewsMax = 64;  // that control has not asked for
constexpr auto kWatchPause = 1s;
constexpr auto kLossPause = 1min;  // from one word of losses to the next, and until they are over

}  // namespace

TapThread::TapThread(const TapSettings& tap, uint16_t index, const config::Settings& settings,
                     int wake)
    : settings_(tap),
      index_(index),
      wake_(wake),
      tap_(std::make_unique<LiveTap>(tap, index)),
      ring_(settings.queue.size),
      worker_(
          settings.protocols, settings.novelty,
          [](void* self, const Observation& o) { static_cast<TapThread*>(self)->push(o); }, this,
          settings.streams, settings.fragments) {}

TapThread::~TapThread() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void TapThread::start() {
  thread_ = std::thread([this] { capture(); });
}

void TapThread::stop() {
  is_stopping_ = true;
  std::lock_guard lock(tap_mutex_);
  if (tap_) tap_->break_loop();
}

void TapThread::capture() {
  const std::function<void(const Frame&)> take = [this](const Frame& frame) { on_frame(frame); };
  while (!is_stopping_) {
    if (!tap_->dispatch(take)) reopen();
    watch();
    if (flush_requested_.exchange(false)) flush([this] { worker_.flush(); });
    if (std::exchange(pushed_, false)) notify();
  }
  take_the_rest(take);
  flush([this] { worker_.finish(); });
  has_ended_ = true;
  notify();
}

/// What the kernel still holds at the end: as much as there is time for, the rest is dropped and
/// counted.
void TapThread::take_the_rest(const std::function<void(const Frame&)>& take) {
  auto until = std::chrono::steady_clock::now() + kLastFrames;
  while (tap_->counters().waiting != 0 && std::chrono::steady_clock::now() < until) {
    if (!tap_->dispatch(take)) break;
  }
  dropped_before_ += tap_->counters().waiting;
}

void TapThread::watch() {
  auto now = std::chrono::steady_clock::now();
  if (now < watch_due_) return;
  watch_due_ = now + kWatchPause;
  watch_link();
  watch_losses(now);
}

/// A tap that hears nothing because its cable is out must not look like a quiet network.
void TapThread::watch_link() {
  LiveTap::Link link = tap_->link();
  if (link == link_) return;
  if (link == LiveTap::Link::down) {
    tell("tap", true, "the interface is down; waiting for it");
  } else if (link == LiveTap::Link::no_carrier) {
    tell("tap", true, "no carrier; waiting for it");
  } else if (link == LiveTap::Link::up && link_ != LiveTap::Link::unknown) {
    tell("tap", false, "the interface is up again");
  }
  link_ = link;
}

/// What was not heard cannot be told: that something was not is. The first loss is said at once,
/// further ones together.
void TapThread::watch_losses(std::chrono::steady_clock::time_point now) {
  uint64_t frames = dropped_before_ + tap_->counters().dropped;
  uint64_t losses = frames + dropped_;
  bool are_new = std::exchange(losses_, losses) != losses;
  if (are_new) lost_at_ = now;
  auto words = [&] {
    return fmt::format(
        "lost so far: {} frames before they were read, {} facts before they were judged", frames,
        dropped_);
  };
  if (are_new && (!is_losing_ || now - told_at_ >= kLossPause)) {
    is_losing_ = true;
    told_at_ = now;
    tell("capture", true, words());
  } else if (is_losing_ && now - lost_at_ >= kLossPause) {
    is_losing_ = false;
    tell("capture", false, "nothing is lost any more; " + words());
  }
}

/// The interface went away: tries again with growing pauses until it is back or the agent ends.
void TapThread::reopen() {
  tell("tap", true, fmt::format("capture stopped: {}; trying to reopen", tap_->error()));
  for (auto pause = 500ms; !is_stopping_;
       pause = std::min<std::chrono::milliseconds>(pause * 2, 5s)) {
    auto until = std::chrono::steady_clock::now() + pause;
    while (!is_stopping_ && std::chrono::steady_clock::now() < until) {
      if (flush_requested_.exchange(false)) flush([this] { worker_.flush(); });
      std::this_thread::sleep_for(50ms);
    }
    if (is_stopping_) return;
    try {
      auto fresh = std::make_unique<LiveTap>(settings_, index_);
      LiveTap::Counters last = tap_->counters();
      dropped_before_ += last.dropped + last.waiting;
      std::lock_guard lock(tap_mutex_);
      tap_ = std::move(fresh);
      link_ = LiveTap::Link::up;
      tell("tap", false, "capturing again");
      return;
    } catch (const std::runtime_error&) {
      continue;
    }
  }
}

void TapThread::on_frame(const Frame& frame) { worker_(frame); }

/// Capture never waits for control. Only a flush does, a little: nobody's packets are lost
/// meanwhile but by the kernel, which counts them.
void TapThread::push(const Observation& observation) {
  pushed_ = true;
  if (ring_.push(observation)) return;
  if (is_flushing_) {
    notify();
    for (int i = 0; i < 100; ++i) {
      std::this_thread::sleep_for(1ms);
      if (ring_.push(observation)) return;
    }
  }
  ++dropped_;
}

void TapThread::flush(const std::function<void()>& tell) {
  is_flushing_ = true;
  tell();
  is_flushing_ = false;
  Summary summary;
  summary.add(worker_);
  summary.dropped = dropped_before_ + tap_->counters().dropped;
  summary.received = summary.packets + summary.dropped;
  summary.observations_dropped = dropped_;
  std::lock_guard lock(told_mutex_);
  summary_ = std::move(summary);
}

Summary TapThread::summary() const {
  std::lock_guard lock(told_mutex_);
  return summary_;
}

void TapThread::tell(std::string component, bool is_degraded, std::string text) {
  std::lock_guard lock(told_mutex_);
  if (news_.size() < kNewsMax)
    news_.push_back({std::move(component), is_degraded, std::move(text)});
}

std::vector<TapThread::News> TapThread::take_news() {
  std::lock_guard lock(told_mutex_);
  return std::exchange(news_, {});
}

void TapThread::notify() const {
  uint64_t one = 1;
  // An eventfd whose count is full is one that wakes anyway.
  [[maybe_unused]] ssize_t written = ::write(wake_, &one, sizeof one);
}

}  // namespace tapwarden
