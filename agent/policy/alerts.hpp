// SPDX-License-Identifier: Apache-2.0
// Alerts: one for each device and policy entry, however many packets. Its id is made of these two
// and not of an IP address, so it is the same after a restart.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "core/time.hpp"
#include "inventory/device.hpp"
#include "policy/policy.hpp"

namespace tapwarden {

struct JudgeSettings {
  std::vector<std::string> policies{};  ///< ids to judge by; empty means all
  Grade grade = Grade::probable;        ///< alerts are raised from this grade on
  std::optional<Date> as_of{};          ///< judge by the law of this day; today when empty
  size_t alerts_max = 1 << 20;          ///< what is over is counted

  bool operator==(const JudgeSettings&) const = default;
};

struct Alert {
  std::string id;
  const Policy* policy = nullptr;
  const PolicyEntry* entry = nullptr;
  std::string device;  ///< its id
  Timestamp raised;
};

/// The alert for a device and an entry, whether raised or not: what it would be called.
Alert alert_of(const Device& device, const Hit& hit, Timestamp raised);

class Alerts {
 public:
  using OnRaised = std::function<void(const Alert&, const Device&)>;

  Alerts(const Policies& policies, JudgeSettings settings, OnRaised on_raised);

  /// Judges a device that changed: sets its is_flagged and raises what was not raised before.
  void judge(Device& device);
  /// The entries that flag this device now.
  std::vector<Hit> hits(const Device& device) const;

  size_t size() const { return raised_.size(); }
  uint64_t refused() const { return refused_; }

 private:
  const Policies& policies_;
  JudgeSettings settings_;
  OnRaised on_raised_;
  boost::unordered_flat_map<std::string, Alert> raised_;
  uint64_t refused_ = 0;
};

/// Today by the machine's clock, in UTC.
Date today();

}  // namespace tapwarden
