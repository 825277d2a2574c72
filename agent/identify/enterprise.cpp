// SPDX-License-Identifier: Apache-2.0
#include "identify/enterprise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "identify/rule_files.hpp"
#include "identify/table.hpp"

namespace tapwarden {

std::optional<uint32_t> parse_enterprise(std::string_view decimal) {
  uint32_t number = 0;
  const char* end = decimal.data() + decimal.size();
  auto [stopped, error] = std::from_chars(decimal.data(), end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

std::optional<uint32_t> enterprise_of_oid(std::string_view oid) {
  constexpr std::string_view enterprises = "1.3.6.1.4.1.";
  if (oid.starts_with('.')) oid.remove_prefix(1);
  if (!oid.starts_with(enterprises)) return std::nullopt;
  oid.remove_prefix(enterprises.size());
  return parse_enterprise(oid.substr(0, oid.find('.')));
}

EnterpriseNumbers EnterpriseNumbers::load(const std::filesystem::path& file,
                                          Diagnostics& diagnostics) {
  EnterpriseNumbers numbers;
  std::optional<std::string> text = read_whole(file, table_size_max, diagnostics);
  if (!text) return numbers;
  numbers.text_ = std::move(*text);
  Table table(file.string(), "enterprise-numbers", numbers.text_, diagnostics);
  numbers.as_of_ = table.as_of();
  while (table.next()) {
    std::string_view decimal = table.cell();
    std::optional<uint32_t> number = parse_enterprise(decimal);
    if (!number) {
      table.complain(
          fmt::format("number: {} is not a number up to 4294967295", in_quotes(decimal)));
      continue;
    }
    std::string_view organisation = table.cell();
    if (organisation.empty()) {
      table.complain("organisation: missing, a line is number, tab, organisation");
      continue;
    }
    numbers.rows_.push_back({*number,
                             static_cast<uint32_t>(organisation.data() - numbers.text_.data()),
                             static_cast<uint32_t>(organisation.size())});
  }
  if (!std::ranges::is_sorted(numbers.rows_, {}, &Row::number))
    std::ranges::stable_sort(numbers.rows_, {}, &Row::number);
  return numbers;
}

std::optional<std::string_view> EnterpriseNumbers::lookup(uint32_t number) const {
  auto row = std::ranges::lower_bound(rows_, number, {}, &Row::number);
  if (row == rows_.end() || row->number != number) return std::nullopt;
  return std::string_view(text_).substr(row->offset, row->size);
}

}  // namespace tapwarden
