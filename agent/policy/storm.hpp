// SPDX-License-Identifier: Apache-2.0
// Storm: how many alerts may leave at a time. What is over is held back and summed up in a digest.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "policy/alert.hpp"

namespace tapwarden {

struct StormSettings {
  size_t policy_burst = 500;  ///< alerts of one policy at once; 0: no bound
  size_t policy_rate = 60;    ///< and then so many a minute
  size_t burst = 1000;        ///< alerts in all at once; 0: no bound
  size_t rate = 120;          ///< and then so many a minute
  std::chrono::milliseconds digest = std::chrono::minutes(5);  ///< between two digests

  bool operator==(const StormSettings&) const = default;
};

/// One of the records that a digest takes: each alert stands in one of them, with all its events.
struct Digest {
  static constexpr size_t alerts_max = 1000;

  std::string first;  ///< id of the first event that it holds
  Timestamp from;
  Timestamp to;
  Severity severity = Severity::low;  ///< of the worst alert
  uint64_t count = 0;
  std::map<std::string, uint64_t> policies{};  ///< events by policy
  std::vector<std::string> alerts{};           ///< ids, each once
};

class Storm {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Storm(const StormSettings& settings) : settings_(settings), all_(settings.burst) {}

  /// Whether the event may leave now; otherwise it stands in the next digest.
  bool admits(const Alert& alert, const AlertEvent& event, Clock::time_point now);
  /// What an earlier run held back.
  void hold(const Alert& alert, const AlertEvent& event);
  /// What is held back, when it is due: as many records as it takes to name every alert.
  std::vector<Digest> due(Clock::time_point now, Timestamp time);
  /// The same whatever the time: at the end.
  std::vector<Digest> rest(Timestamp time);
  uint64_t held() const { return held_; }  ///< events, ever

 private:
  struct Bucket {
    explicit Bucket(size_t burst = 0) : tokens(static_cast<double>(burst)) {}
    void fill(size_t burst, size_t rate, Clock::time_point now);
    double tokens;
    Clock::time_point filled{};
  };

  struct Held {  // of one alert
    Timestamp from;
    std::string alert;
    std::string first;  // event
    std::string policy;
    Severity severity = Severity::low;
    uint64_t count = 0;
  };

  StormSettings settings_;
  Bucket all_;
  std::map<std::string, Bucket> policies_;
  std::map<std::string, Held> digest_;  // by alert: no more than there are alerts
  Clock::time_point begun_{};
  uint64_t held_ = 0;
};

}  // namespace tapwarden
