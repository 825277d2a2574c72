// SPDX-License-Identifier: Apache-2.0
// Filter: which records an output takes.
#pragma once

#include <string>
#include <vector>

#include "deliver/record.hpp"

namespace tapwarden {

struct Filter {
  std::vector<RecordKind> kinds{RecordKind::alert, RecordKind::digest, RecordKind::health};
  Severity severity = Severity::low;    ///< of alerts: from this one on
  std::vector<std::string> policies{};  ///< of alerts: only these; empty means all

  bool operator==(const Filter&) const = default;
};

/// Severity and policies choose among alerts alone: a digest stands for alerts of any policy, and
/// the agent's health is for everybody.
bool takes(const Filter& filter, const Record& record);

}  // namespace tapwarden
