// SPDX-License-Identifier: Apache-2.0
// Wall-clock time of packets, in nanoseconds since 1970 UTC, and its RFC 3339 text.
#pragma once

#include <chrono>
#include <string>

namespace tapwarden {

using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// RFC 3339 in UTC with microseconds: 2026-11-23T18:40:19.123456Z.
std::string to_rfc3339(Timestamp time);

/// Now, by the machine's clock. Only live capture asks; a replay takes its time from the packets.
inline Timestamp wall_clock() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

}  // namespace tapwarden
