// SPDX-License-Identifier: Apache-2.0
// Record: what leaves the agent. Sinks know records and nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/severity.hpp"
#include "core/time.hpp"

namespace tapwarden {

enum class RecordKind : uint8_t {
  device,   ///< one device of the inventory
  alert,    ///< one event in the life of an alert
  digest,   ///< what storm control held back, summed up
  health,   ///< the agent on itself
  summary,  ///< the counters of a run
};
inline constexpr size_t record_kinds_count = 5;
std::string_view to_string(RecordKind kind);

struct Record {
  RecordKind kind = RecordKind::device;
  Timestamp time;
  std::string line;  ///< one JSON object, without the line's end

  std::string id{};   ///< of this event: the same however often and after whatever restart it is
                      ///< told
  std::string key{};  ///< records of one key, a device's id, leave in the order in which they came
  std::string policy{};               ///< id; empty where no policy speaks
  Severity severity = Severity::low;  ///< of alert, digest and health

  bool operator==(const Record&) const = default;
};

}  // namespace tapwarden
