// SPDX-License-Identifier: Apache-2.0
#include "identify/csv.hpp"

#include <algorithm>

namespace tapwarden {

char CsvReader::take() {
  char c = rest_.front();
  rest_.remove_prefix(1);
  if (c == '\n') ++line_;
  return c;
}

bool CsvReader::next() {
  while (!rest_.empty() && (rest_.front() == '\n' || rest_.front() == '\r')) take();
  cells_.clear();
  record_line_ = line_;
  if (rest_.empty() || !error_.empty()) return false;
  while (read_cell()) {
    if (cells_.size() > cells_max) error_ = "more cells than any record has";
    if (!error_.empty()) return false;
  }
  return error_.empty();
}

/// Whether another cell of the same record follows.
bool CsvReader::read_cell() {
  std::string& cell = cells_.emplace_back();
  if (rest_.starts_with('"')) {
    if (!read_quoted(cell)) return false;
  } else {
    size_t end = std::min(rest_.find_first_of(",\r\n\""), rest_.size());
    cell = rest_.substr(0, end);
    rest_.remove_prefix(end);
  }
  if (rest_.starts_with("\r\n")) take();
  if (rest_.empty()) return false;
  char c = take();
  if (c != ',' && c != '\n') error_ = "a quote or other text beside a quoted cell";
  return c == ',';
}

bool CsvReader::read_quoted(std::string& cell) {
  take();
  while (!rest_.empty()) {
    char c = take();
    if (c == '"' && !rest_.starts_with('"')) return true;
    if (c == '"') take();
    cell += c;
  }
  error_ = "a quote that is never closed";
  return false;
}

}  // namespace tapwarden
