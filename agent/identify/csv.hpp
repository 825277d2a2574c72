// SPDX-License-Identifier: Apache-2.0
// Comma-separated values (RFC 4180): quotes, doubled quotes and line breaks inside quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tapwarden {

/// A cursor over the records of a text.
class CsvReader {
 public:
  static constexpr size_t cells_max = 64;

  explicit CsvReader(std::string_view text) : rest_(text) {}

  /// On to the next record; empty lines are passed over. False at the end and after a mistake.
  bool next();
  const std::vector<std::string>& cells() const { return cells_; }
  size_t line() const { return record_line_; }  ///< where the record begins, from 1
  /// What made next() give up before the end; empty otherwise.
  std::string_view error() const { return error_; }

 private:
  bool read_cell();
  bool read_quoted(std::string& cell);
  char take();

  std::string_view rest_;
  std::vector<std::string> cells_;
  std::string_view error_;
  size_t line_ = 1;
  size_t record_line_ = 1;
};

}  // namespace tapwarden
