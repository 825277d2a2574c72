// SPDX-License-Identifier: Apache-2.0
#include "dissect/cookie_product.hpp"

#include <algorithm>

namespace tapwarden {

namespace {

constexpr std::string_view kName = "SESSIONID=";
constexpr size_t kProductMax = 48;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '-'; }

/// Words with one blank between them, of which the first has letters alone and the last a digit: a
/// key has no blank, a person's name no digit.
bool is_product(std::string_view text) {
  size_t first = text.find(' ');
  size_t last = text.rfind(' ') + 1;
  if (text.size() > kProductMax || first == std::string_view::npos || first < 2) return false;
  bool has_digit = std::ranges::any_of(text.substr(last), is_digit);
  bool are_words = std::ranges::all_of(text, [](char c) { return is_word(c) || c == ' '; }) &&
                   text.find("  ") == std::string_view::npos;
  return has_digit && are_words && std::ranges::all_of(text.substr(0, first), is_letter);
}

}  // namespace

std::string_view cookie_product(std::string_view cookie) {
  if (!cookie.starts_with(kName)) return {};
  cookie = cookie.substr(0, cookie.find(';'));
  size_t second = cookie.find('&');
  size_t third = second == std::string_view::npos ? second : cookie.find('&', second + 1);
  if (third == std::string_view::npos) return {};
  std::string_view product = cookie.substr(third + 1);
  product = product.substr(0, product.find('&'));
  return is_product(product) ? product : std::string_view{};
}

}  // namespace tapwarden
