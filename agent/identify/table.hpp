// SPDX-License-Identifier: Apache-2.0
// Number registries as text: one read into memory, then line by line and cell by cell without a
// copy. What is malformed is told with its place, and reading goes on behind it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/diagnostics.hpp"

namespace tapwarden {

inline constexpr size_t table_size_max = size_t{64} << 20;
inline constexpr size_t table_rows_max = 1'000'000;
inline constexpr size_t table_complaints_max = 100;

/// The whole file; a diagnostic and nothing when it cannot be read or is larger than `size_max`.
std::optional<std::string> read_whole(const std::filesystem::path& file, size_t size_max,
                                      Diagnostics& diagnostics);

/// "2026-08-26", when the calendar has it.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);
std::string to_string(std::chrono::year_month_day date);

/// A cursor over the rows of a tab-separated text whose first line is "# KIND as-of YYYY-MM-DD".
/// Empty lines and further comment lines are passed over.
class Table {
 public:
  Table(std::string file, std::string_view kind, std::string_view text, Diagnostics& diagnostics);

  std::optional<std::chrono::year_month_day> as_of() const { return as_of_; }

  /// On to the next row. False at the end, and where too much was wrong or too long to go on.
  bool next();
  /// The next cell of this row, empty behind the last one.
  std::string_view cell();
  /// At the place of the cell that was taken last.
  void complain(std::string message);

 private:
  void read_head(std::string_view kind);
  std::optional<std::string_view> take_line();
  bool has_control_character();

  std::string file_;
  std::string_view rest_;
  Diagnostics& diagnostics_;
  std::optional<std::chrono::year_month_day> as_of_;
  std::string_view line_text_;
  size_t line_ = 0;
  size_t cell_begin_ = 0;  // of the cell taken last, in line_text_
  size_t cell_next_ = 0;
  size_t rows_ = 0;
  size_t complaints_ = 0;
};

}  // namespace tapwarden
