// SPDX-License-Identifier: Apache-2.0
// Severity: how much a finding weighs, in the words that policies, records and their encodings
// share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tapwarden {

enum class Severity : uint8_t { low, medium, high, critical };
/// In the order of the enum.
inline constexpr std::array<std::string_view, 4> severity_names = {"low", "medium", "high",
                                                                   "critical"};
constexpr std::string_view to_string(Severity severity) {
  return severity_names[static_cast<size_t>(severity)];
}

}  // namespace tapwarden
