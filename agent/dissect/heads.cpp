// SPDX-License-Identifier: Apache-2.0
#include "dissect/heads.hpp"

#include <algorithm>

namespace tapwarden {

namespace {

constexpr std::string_view kBlanks = " \t";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

}  // namespace

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

Head::Head(Reader& reader, std::string_view version)
    : reader_(reader), version_(version), start_(trimmed(reader.line())) {}

bool Header::is(std::string_view other) const { return equal_without_case(name, other); }

std::string_view Head::method() const {
  size_t blank = start_.find(' ');
  size_t version = start_.rfind(' ');
  if (blank == 0 || version == blank || version == std::string_view::npos) return {};
  if (!start_.substr(version + 1).starts_with(version_)) return {};
  return start_.substr(0, blank);
}

unsigned Head::status() const {
  size_t digits = version_.size() + 2;  // behind the minor version and a blank
  if (!start_.starts_with(version_) || start_.size() < digits + 3) return 0;
  if (!is_digit(start_[digits - 2]) || start_[digits - 1] != ' ') return 0;
  unsigned status = 0;
  for (char c : start_.substr(digits, 3)) {
    if (!is_digit(c)) return 0;
    status = status * 10 + static_cast<unsigned>(c - '0');
  }
  return status;
}

std::optional<Header> Head::next() {
  while (lines_ < lines_max && reader_.has_line()) {
    ++lines_;
    std::string_view line = reader_.line();
    if (line.empty()) lines_ = lines_max;
    size_t colon = line.find(':');
    bool is_folded = !line.empty() && kBlanks.find(line[0]) != std::string_view::npos;
    if (is_folded || colon == std::string_view::npos) continue;
    return Header{trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
  }
  return std::nullopt;
}

}  // namespace tapwarden
