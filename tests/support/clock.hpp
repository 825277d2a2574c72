// SPDX-License-Identifier: Apache-2.0
// The wall clock, set by a test as an administrator or NTP would: for this process alone.
#pragma once

#include <chrono>

namespace tapwarden::test {

/// So long as it lives the wall clock is off by so much. The steady clock is not.
class WallClockStep {
 public:
  explicit WallClockStep(std::chrono::seconds step);
  ~WallClockStep();
  WallClockStep(const WallClockStep&) = delete;
  WallClockStep& operator=(const WallClockStep&) = delete;
};

}  // namespace tapwarden::test
