// SPDX-License-Identifier: Apache-2.0
// IANA's private enterprise numbers: which organisation a number was given to, and the number that
// an object identifier holds.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"

namespace tapwarden {

/// The arc below 1.3.6.1.4.1 (RFC 1155, section 3.1.4), with or without a dot in front.
std::optional<uint32_t> enterprise_of_oid(std::string_view oid);
std::optional<uint32_t> parse_enterprise(std::string_view decimal);

class EnterpriseNumbers {
 public:
  /// Reads lines of number and organisation, below "# enterprise-numbers as-of YYYY-MM-DD".
  static EnterpriseNumbers load(const std::filesystem::path& file, Diagnostics& diagnostics);

  /// The organisation's name, which lives as long as this does.
  std::optional<std::string_view> lookup(uint32_t number) const;

  std::optional<std::chrono::year_month_day> as_of() const { return as_of_; }
  size_t size() const { return rows_.size(); }

 private:
  struct Row {
    uint32_t number = 0;
    uint32_t offset = 0;  // of the organisation in text_
    uint32_t size = 0;
  };

  std::string text_;
  std::vector<Row> rows_;
  std::optional<std::chrono::year_month_day> as_of_;
};

}  // namespace tapwarden
