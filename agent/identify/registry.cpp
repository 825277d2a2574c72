// SPDX-License-Identifier: Apache-2.0
#include "identify/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "identify/rule_files.hpp"
#include "identify/table.hpp"

namespace tapwarden {

namespace {

constexpr size_t registrant_size_max = 1000;

struct Digits {
  uint64_t value = 0;
  unsigned count = 0;
};

/// Hexadecimal digits with the separators of addresses between them.
std::optional<Digits> read_digits(std::string_view text, std::string_view separators) {
  Digits digits;
  for (char c : text) {
    if (separators.find(c) != std::string_view::npos) continue;
    unsigned digit = 0;
    auto [end, error] = std::from_chars(&c, &c + 1, digit, 16);
    if (error != std::errc{} || ++digits.count > 12) return std::nullopt;
    digits.value = digits.value << 4 | digit;
  }
  return digits;
}

bool is_divider(std::string_view registrant) {
  constexpr std::string_view authority = "ieee registration authority";
  return std::ranges::equal(registrant, authority, [](char a, char b) {
    return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b);
  });
}

bool is_country(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

std::string prefix_text(const Assignment& assignment) {
  std::string digits = fmt::format("{:0{}x}", assignment.prefix, assignment.bits / 4);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && i % 2 == 0) text += ':';
    text += digits[i];
  }
  return assignment.bits == 24 ? text : fmt::format("{}/{}", text, assignment.bits);
}

Administration administration(const Mac& mac) {
  if (mac.is_group()) return Administration::group;
  return mac.is_local() ? Administration::local : Administration::universal;
}

Registry Registry::load(const std::filesystem::path& file, Diagnostics& diagnostics) {
  Registry registry;
  std::optional<std::string> text = read_whole(file, table_size_max, diagnostics);
  if (!text) return registry;
  registry.text_ = std::move(*text);
  Table table(file.string(), "ieee-registry", registry.text_, diagnostics);
  registry.as_of_ = table.as_of();
  while (table.next()) {
    std::string_view prefix = table.cell();
    std::optional<Digits> digits = read_digits(prefix, "");
    auto width = digits ? std::ranges::find(widths, digits->count * 4) : widths.end();
    if (width == widths.end()) {
      table.complain(
          fmt::format("prefix: {} is not 6, 7 or 9 hexadecimal digits", in_quotes(prefix)));
      continue;
    }
    std::string_view registrant = table.cell();
    if (registrant.empty() || registrant.size() > registrant_size_max) {
      table.complain(fmt::format("registrant: must be 1 to {} octets long", registrant_size_max));
      continue;
    }
    std::string_view country = table.cell();
    if (!country.empty() && !is_country(country)) {
      table.complain(fmt::format("country: {} is not two capital letters", in_quotes(country)));
      continue;
    }
    registry.rows_[static_cast<size_t>(width - widths.begin())].push_back(
        {digits->value, static_cast<uint32_t>(registrant.data() - registry.text_.data()),
         static_cast<uint16_t>(registrant.size()), static_cast<uint8_t>(country.size()),
         is_divider(registrant)});
  }
  // The registry itself holds a few prefixes twice: the first one stands.
  for (std::vector<Row>& rows : registry.rows_)
    if (!std::ranges::is_sorted(rows, {}, &Row::prefix))
      std::ranges::stable_sort(rows, {}, &Row::prefix);
  return registry;
}

Assignment Registry::assignment(const Row& row, unsigned bits) const {
  std::string_view text = text_;
  return {row.prefix, bits, text.substr(row.offset, row.size),
          row.country_size == 0 ? std::string_view{}
                                : text.substr(row.offset + row.size + 1, row.country_size)};
}

std::optional<Assignment> Registry::longest(uint64_t value, unsigned bits) const {
  for (size_t i = widths.size(); i-- > 0;) {
    if (widths[i] > bits) continue;
    uint64_t prefix = value >> (bits - widths[i]);
    auto row = std::ranges::lower_bound(rows_[i], prefix, {}, &Row::prefix);
    if (row == rows_[i].end() || row->prefix != prefix) continue;
    if (row->divided) return std::nullopt;
    return assignment(*row, widths[i]);
  }
  return std::nullopt;
}

std::optional<Assignment> Registry::lookup(const Mac& mac) const {
  Administration by = administration(mac);
  bool may_be_company_id = by == Administration::local && (mac.octets[0] & 0x0f) == 0x0a;
  if (by != Administration::universal && !may_be_company_id) return std::nullopt;
  return longest(mac.value(), 48);
}

std::optional<Assignment> Registry::lookup(std::string_view prefix) const {
  std::optional<Digits> digits = read_digits(prefix, ":-. ");
  if (!digits || digits->count < 6) return std::nullopt;
  return longest(digits->value, digits->count * 4);
}

std::vector<Assignment> Registry::assignments() const {
  std::vector<Assignment> all;
  all.reserve(size());
  for (size_t i = 0; i < widths.size(); ++i)
    for (const Row& row : rows_[i]) all.push_back(assignment(row, widths[i]));
  return all;
}

}  // namespace tapwarden
