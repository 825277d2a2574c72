// SPDX-License-Identifier: Apache-2.0
// Judge: which entries of the active policies flag a device, and what an alert about it is called.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inventory/device.hpp"
#include "policy/policy.hpp"

namespace tapwarden {

struct JudgeSettings {
  std::vector<std::string> policies{};  ///< ids to judge by; empty means all
  Grade grade = Grade::probable;        ///< alerts are raised from this grade on
  std::optional<Date> as_of{};          ///< judge by the law of this day; today when empty

  bool operator==(const JudgeSettings&) const = default;
};

/// The entries that flag this device now, each once, those that its platform's maker meets first.
std::vector<Hit> hits(const Policies& policies, const JudgeSettings& settings,
                      const Device& device);

/// What a device is called when it is spoken of for good, the best first: the universally
/// administered MAC addresses that it bears, which are the same on whatever tap, VLAN or IP address
/// it is, then its id and those of devices that turned out to be it. What it merely says of itself
/// is none: whoever names another's address is not that other.
std::vector<std::string> subjects(const Device& device);

/// Of the alert about this subject and this entry, as that sensor raises it: two sensors that see
/// one device have an alert each, with a life of its own.
std::string alert_id(std::string_view sensor, std::string_view subject, const Hit& hit);

/// Today by the machine's clock, in UTC.
Date today();
/// The last moment of that day, in UTC.
Timestamp end_of(Date day);

}  // namespace tapwarden
