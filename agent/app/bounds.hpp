// SPDX-License-Identifier: Apache-2.0
// Bounds: says that a table which must not run full turns away what is new, and when that is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "app/control.hpp"
#include "report/health.hpp"

namespace tapwarden {

class Bounds {
 public:
  using OnHealth = std::function<void(const Health&)>;
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::hours calm{1};  ///< without a further one it is over

  explicit Bounds(OnHealth on_health) : on_health_(std::move(on_health)) {}

  /// Once every few seconds.
  void watch(const Control& control, Time now);

 private:
  struct Table {
    std::string name;
    std::string why;
    uint64_t refused = 0;
    bool is_full = false;
    Time refused_at{};
  };
  void watch(Table& table, uint64_t refused, Time now);

  OnHealth on_health_;
  Table alerts_{"alerts", "the table is full, and no alert in it is resolved"};
  Table devices_{"devices", "limits.devices is reached, and all of them are flagged"};
};

}  // namespace tapwarden
