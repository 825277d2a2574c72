// SPDX-License-Identifier: Apache-2.0
// Numbers with a unit and dates, as they stand in the operator's files: read and written.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tapwarden::yaml {

/// A whole number and ms, s, m, h or d: "90s". Too great a number is the greatest there is.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// In the greatest unit that gives a whole number: "1h", and "90m", not "1.5h".
std::string format_duration(std::chrono::milliseconds duration);

/// A whole number and B, KiB, MiB or GiB, in octets. Too great a number is the greatest there is.
std::optional<uint64_t> parse_size(std::string_view text);
std::string format_size(uint64_t octets);

/// The days that a point in time can be in, in nanoseconds since 1970.
inline constexpr const char* dates_allowed = "1970-01-01 to 2261-12-31";
/// YYYY-MM-DD, a day that the calendar has and that is among them.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);
/// What is wrong with a text that parse_date() does not take.
std::string date_error(std::string_view text);

}  // namespace tapwarden::yaml
