// SPDX-License-Identifier: Apache-2.0
// Formats: how a record is written for those who read it. Each is a pure function of the record's
// JSON object; what a hostile banner put there stays text in all of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "deliver/record.hpp"

namespace tapwarden {

enum class RecordFormat : uint8_t {
  json,  ///< the record's own line
  ecs,   ///< Elastic Common Schema
  ocsf,  ///< Open Cybersecurity Schema Framework: Detection Finding, Device Inventory Info
  cef,   ///< ArcSight Common Event Format; at most 7936 octets
  leef,  ///< QRadar Log Event Extended Format 2.0; at most 3840 octets
};
std::string_view to_string(RecordFormat format);

/// One line, without its end. Throws std::invalid_argument where the record's line is no JSON
/// object or lacks what every record has.
std::string encode(const Record& record, RecordFormat format);

}  // namespace tapwarden
