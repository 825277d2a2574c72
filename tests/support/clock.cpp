// SPDX-License-Identifier: Apache-2.0
#include "support/clock.hpp"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace {

time_t offset = 0;

}  // namespace

// The C++ library asks the C library for the time through this name: ours is found first.
extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  auto result = static_cast<int>(syscall(SYS_clock_gettime, clock, time));
  if (clock == CLOCK_REALTIME && result == 0) time->tv_sec += offset;
  return result;
}

namespace tapwarden::test {

WallClockStep::WallClockStep(std::chrono::seconds step) { offset = step.count(); }

WallClockStep::~WallClockStep() { offset = 0; }

}  // namespace tapwarden::test
