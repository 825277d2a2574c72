// SPDX-License-Identifier: Apache-2.0
#include "dissect/html_product.hpp"

#include <algorithm>

namespace tapwarden {

namespace {

constexpr std::string_view kName = "var ProductName";
constexpr std::string_view kBlanks = " \t";
constexpr size_t kProductMax = 32;

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
         c == '_';
}

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
}

/// The word in quotes behind the sign of an assignment.
std::string_view assigned_word(std::string_view rest) {
  skip_blanks(rest);
  if (!rest.starts_with('=')) return {};
  rest.remove_prefix(1);
  skip_blanks(rest);
  if (!rest.starts_with('\'') && !rest.starts_with('"')) return {};
  std::string_view word = rest.substr(1, kProductMax + 1);
  size_t end = word.find(rest[0]);
  if (end == std::string_view::npos || !std::ranges::all_of(word.substr(0, end), is_word)) {
    return {};
  }
  return word.substr(0, end);
}

}  // namespace

std::string_view html_product(std::string_view page) {
  for (size_t at = page.find(kName); at != std::string_view::npos; at = page.find(kName, at + 1)) {
    std::string_view word = assigned_word(page.substr(at + kName.size()));
    if (!word.empty()) return word;
  }
  return {};
}

}  // namespace tapwarden
