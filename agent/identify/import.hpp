// SPDX-License-Identifier: Apache-2.0
// From the registries' own publications to our dated copies: checked as they are read, and put in
// place whole or not at all.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>

#include "core/diagnostics.hpp"

namespace tapwarden {

struct ImportOptions {
  static constexpr size_t rows_min = 1000;

  std::chrono::year_month_day as_of{};  ///< the day on which the publication was fetched
  /// Takes files of fewer than rows_min rows too; malformed rows stay refused.
  bool forced = false;
};

/// Reads the IEEE's oui.csv, mam.csv, oui36.csv, iab.csv and cid.csv, any of them under any name,
/// and writes one table to `target`. Gives the number of rows; nothing, and `target` as it was,
/// when anything was complained of. Throws std::system_error when `target` cannot be written.
std::optional<size_t> import_ieee(std::span<const std::filesystem::path> files,
                                  const std::filesystem::path& target, const ImportOptions& options,
                                  Diagnostics& diagnostics);

/// The same for IANA's enterprise-numbers text. The day that it says it was updated on counts, that
/// of the options where it says none.
std::optional<size_t> import_enterprise_numbers(const std::filesystem::path& file,
                                                const std::filesystem::path& target,
                                                const ImportOptions& options,
                                                Diagnostics& diagnostics);

}  // namespace tapwarden
