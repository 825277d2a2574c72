// SPDX-License-Identifier: Apache-2.0
#include "identify/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace tapwarden {

namespace {

bool read_digits(std::string_view text, unsigned& value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::optional<std::string> read_whole(const std::filesystem::path& file, size_t size_max,
                                      Diagnostics& diagnostics) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    diagnostics.add(file.string(), 0, 0, "cannot be read: no such file");
    return std::nullopt;
  }
  uintmax_t size = std::filesystem::file_size(file, error);
  if (!error && size > size_max) {
    diagnostics.add(file.string(), 0, 0,
                    fmt::format("larger than the {} MiB allowed", size_max >> 20));
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text(error ? 0 : static_cast<size_t>(size), '\0');
  if (!error && stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (error || !stream) {
    diagnostics.add(file.string(), 0, 0, "cannot be read");
    return std::nullopt;
  }
  return text;
}

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
  unsigned year = 0, month = 0, day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!read_digits(text.substr(0, 4), year) || !read_digits(text.substr(5, 2), month) ||
      !read_digits(text.substr(8, 2), day))
    return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                   std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::string to_string(std::chrono::year_month_day date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Table::Table(std::string file, std::string_view kind, std::string_view text,
             Diagnostics& diagnostics)
    : file_(std::move(file)), rest_(text), diagnostics_(diagnostics) {
  read_head(kind);
}

void Table::read_head(std::string_view kind) {
  std::string_view all = rest_;
  std::string_view head = take_line().value_or("");
  std::string start = fmt::format("# {} as-of ", kind);
  if (head.starts_with(start)) as_of_ = parse_date(head.substr(start.size(), 10));
  if (as_of_) return;
  diagnostics_.add(file_, 1, 1, fmt::format("the first line must be '{}YYYY-MM-DD'", start));
  if (head.starts_with('#')) return;
  rest_ = all;  // it may be a row
  line_ = 0;
}

std::optional<std::string_view> Table::take_line() {
  if (rest_.empty()) return std::nullopt;
  size_t end = std::min(rest_.find('\n'), rest_.size());
  std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++line_;
  return line;
}

bool Table::next() {
  while (std::optional<std::string_view> line = take_line()) {
    if (line->empty() || line->front() == '#') continue;
    line_text_ = *line;
    cell_begin_ = cell_next_ = 0;
    if (complaints_ >= table_complaints_max) {
      diagnostics_.add(file_, line_, 1,
                       fmt::format("{} lines before this one are malformed; the rest was not read",
                                   complaints_));
      return false;
    }
    if (++rows_ > table_rows_max) {
      diagnostics_.add(file_, line_, 1, fmt::format("more than {} rows", table_rows_max));
      return false;
    }
    if (!has_control_character()) return true;
  }
  return false;
}

bool Table::has_control_character() {
  auto found = std::ranges::find_if(line_text_, [](char c) {
    auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20 && c != '\t') || octet == 0x7f;
  });
  if (found == line_text_.end()) return false;
  cell_begin_ = static_cast<size_t>(found - line_text_.begin());
  complain("a control character, only text and tabs are allowed");
  return true;
}

std::string_view Table::cell() {
  cell_begin_ = std::min(cell_next_, line_text_.size());
  size_t end = std::min(line_text_.find('\t', cell_begin_), line_text_.size());
  cell_next_ = end + 1;
  return line_text_.substr(cell_begin_, end - cell_begin_);
}

void Table::complain(std::string message) {
  ++complaints_;
  diagnostics_.add(file_, line_, cell_begin_ + 1, std::move(message));
}

}  // namespace tapwarden
