// SPDX-License-Identifier: Apache-2.0
// Record: what leaves the agent. Sinks know records and nothing else.
#pragma once

#include <cstdint>
#include <string>

#include "core/time.hpp"

namespace tapwarden {

enum class RecordKind : uint8_t { device, alert, summary };

struct Record {
  RecordKind kind = RecordKind::device;
  Timestamp time;
  std::string line;  ///< one JSON object, without the line's end
};

}  // namespace tapwarden
