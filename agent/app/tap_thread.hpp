// SPDX-License-Identifier: Apache-2.0
// TapThread: one tap with its worker in a thread of its own, and the ring through which its
// observations leave it.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "capture/live.hpp"
#include "config/settings.hpp"
#include "core/observation.hpp"
#include "core/ring.hpp"
#include "pipeline/worker.hpp"
#include "report/summary.hpp"

namespace tapwarden {

class TapThread {
 public:
  /// Opens the tap; throws what LiveTap throws. `wake` is an eventfd that is written when there is
  /// something to take.
  TapThread(const TapSettings& tap, uint16_t index, const config::Settings& settings, int wake);
  ~TapThread();
  TapThread(const TapThread&) = delete;
  TapThread& operator=(const TapThread&) = delete;

  void start();
  /// The thread ends soon, after it has told all sums.
  void stop();
  bool has_ended() const { return has_ended_; }

  /// The next observation, in place; false when there is none. From the control thread.
  template <typename Take>
  bool take(Take&& take) {
    return ring_.pop(std::forward<Take>(take));
  }
  /// Asks for the sums that are held back, and for new numbers in summary(): both are there within
  /// about 200 ms.
  void request_flush() { flush_requested_ = true; }
  /// What has happened to the tap since the last call, oldest first.
  struct News {
    std::string component;  ///< of the health record: "tap", or "capture" for what was lost
    bool is_degraded = true;
    std::string text;
  };
  std::vector<News> take_news();
  /// The numbers as of the last flush.
  Summary summary() const;

 private:
  void capture();
  void take_the_rest(const std::function<void(const Frame&)>& take);
  void watch();
  void watch_link();
  void watch_losses(std::chrono::steady_clock::time_point now);
  void reopen();
  void on_frame(const Frame& frame);
  void push(const Observation& observation);
  void flush(const std::function<void()>& tell);
  void notify() const;
  void tell(std::string component, bool is_degraded, std::string text);

  TapSettings settings_;
  uint16_t index_;
  int wake_;
  std::unique_ptr<LiveTap> tap_;
  std::mutex tap_mutex_;  // stop() breaks the loop of a tap that reopen() may be replacing
  Ring<Observation> ring_;
  Worker worker_;
  uint64_t dropped_ = 0;         // observations that found the ring full
  uint64_t dropped_before_ = 0;  // frames, by taps that were since reopened
  LiveTap::Link link_ = LiveTap::Link::up;
  std::chrono::steady_clock::time_point watch_due_;
  uint64_t losses_ = 0;  // frames and observations, when they were last looked at
  bool is_losing_ = false;
  std::chrono::steady_clock::time_point lost_at_;  // last
  std::chrono::steady_clock::time_point told_at_;  // of losses
  bool pushed_ = false;
  bool is_flushing_ = false;
  std::atomic<bool> flush_requested_{false};
  std::atomic<bool> is_stopping_{false};
  std::atomic<bool> has_ended_{false};
  mutable std::mutex told_mutex_;  // of what control asks for
  Summary summary_;
  std::vector<News> news_;
  std::thread thread_;
};

}  // namespace tapwarden
