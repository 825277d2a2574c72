// SPDX-License-Identifier: Apache-2.0
// Calendar days as text.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace tapwarden {

/// YYYY-MM-DD, or "unknown".
std::string date_text(std::optional<std::chrono::year_month_day> date);

}  // namespace tapwarden
