// SPDX-License-Identifier: Apache-2.0
#include "report/dates.hpp"

#include <fmt/format.h>

namespace tapwarden {

std::string date_text(std::optional<std::chrono::year_month_day> date) {
  if (!date) return "unknown";
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date->year()),
                     static_cast<unsigned>(date->month()), static_cast<unsigned>(date->day()));
}

}  // namespace tapwarden
