// SPDX-License-Identifier: Apache-2.0
#include "yaml/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <span>

#include "yaml/document.hpp"

namespace tapwarden::yaml {

namespace {

struct Unit {
  std::string_view name;
  uint64_t factor;
};

// From the smallest to the greatest.
constexpr std::array<Unit, 5> kDurations{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> kSizes{
    {{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};

/// The number in the smallest unit, at most `greatest`.
std::optional<uint64_t> parse(std::string_view text, std::span<const Unit> units,
                              uint64_t greatest) {
  uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::invalid_argument) return std::nullopt;
  std::string_view name = text.substr(static_cast<size_t>(end - text.data()));
  for (const Unit& unit : units) {
    if (name != unit.name) continue;
    if (error == std::errc::result_out_of_range || number > greatest / unit.factor) return greatest;
    return number * unit.factor;
  }
  return std::nullopt;
}

std::string format(uint64_t number, std::span<const Unit> units) {
  size_t i = units.size() - 1;
  while (i > 0 && (number < units[i].factor || number % units[i].factor != 0)) --i;
  return fmt::format("{}{}", number / units[i].factor, units[i].name);
}

/// YYYY-MM-DD in shape.
std::optional<std::chrono::year_month_day> parse_shape(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  auto digits = [&](size_t from, size_t count) -> std::optional<unsigned> {
    unsigned number = 0;
    const char* end = text.data() + from + count;
    auto [at, error] = std::from_chars(text.data() + from, end, number);
    if (error != std::errc() || at != end) return std::nullopt;
    return number;
  };
  std::optional<unsigned> year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
  if (!year || !month || !day) return std::nullopt;
  return std::chrono::year(static_cast<int>(*year)) / std::chrono::month(*month) /
         std::chrono::day(*day);
}

bool is_allowed(std::chrono::year_month_day date) {
  return date.year() >= std::chrono::year(1970) && date.year() <= std::chrono::year(2261);
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::optional<uint64_t> count = parse(text, kDurations, std::numeric_limits<int64_t>::max());
  if (!count) return std::nullopt;
  return std::chrono::milliseconds(static_cast<int64_t>(*count));
}

std::string format_duration(std::chrono::milliseconds duration) {
  if (duration.count() == 0) return "0s";
  return format(static_cast<uint64_t>(duration.count()), kDurations);
}

std::optional<uint64_t> parse_size(std::string_view text) {
  return parse(text, kSizes, std::numeric_limits<uint64_t>::max());
}

std::string format_size(uint64_t octets) { return format(octets, kSizes); }

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
  std::optional<std::chrono::year_month_day> date = parse_shape(text);
  return date && date->ok() && is_allowed(*date) ? date : std::nullopt;
}

std::string date_error(std::string_view text) {
  std::optional<std::chrono::year_month_day> date = parse_shape(text);
  if (!date) return fmt::format("\"{}\" is not a date, wanted is YYYY-MM-DD", shown(text));
  if (!date->ok()) return fmt::format("{} is not in the calendar", shown(text));
  return fmt::format("{} is out of range, allowed are {}", shown(text), dates_allowed);
}

}  // namespace tapwarden::yaml
