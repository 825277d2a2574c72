// SPDX-License-Identifier: Apache-2.0
#include "dissect/json_scan.hpp"

#include <algorithm>
#include <charconv>

namespace tapwarden {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The number that `text` begins with takes this many octets; none when it begins with no number.
size_t number_size(std::string_view text) {
  size_t at = 0;
  auto digits = [&] {
    size_t first = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > first;
  };
  auto accept = [&](std::string_view any) {
    bool found = at < text.size() && any.contains(text[at]);
    if (found) ++at;
    return found;
  };
  accept("-");
  if (!accept("0") && !digits()) return 0;
  if (accept(".") && !digits()) return 0;
  if (accept("eE")) {
    accept("+-");
    if (!digits()) return 0;
  }
  return at;
}

}  // namespace

bool JsonScan::next() {
  while (ok_) {
    if (value_due_) {
      value_due_ = false;
      if (read_value()) return true;
      continue;
    }
    if (depth_ == 0) return false;
    char mark = take_mark();
    if (mark == open_[depth_ - 1].end) {
      close();
    } else if (mark != ',') {
      fail();
    } else {
      path_.truncate(open_[depth_ - 1].path_size);
      value_due_ = open_[depth_ - 1].end == ']' || read_key();
    }
  }
  return false;
}

bool JsonScan::fail() {
  ok_ = false;
  rest_ = {};
  return false;
}

/// The next octet that is not a blank; NUL, which stands nowhere in JSON, at the end.
char JsonScan::take_mark() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  if (rest_.empty()) return 0;
  char mark = rest_[0];
  rest_.remove_prefix(1);
  return mark;
}

/// True when it was a leaf.
bool JsonScan::read_value() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  if (rest_.empty()) return fail();
  text_.truncate();
  is_string_ = rest_[0] == '"';
  switch (rest_[0]) {
    case '{':
      return open('}');
    case '[':
      return open(']');
    case '"':
      rest_.remove_prefix(1);
      return read_string(text_);
    default:
      return read_literal();
  }
}

bool JsonScan::read_literal() {
  size_t size = number_size(rest_);
  for (std::string_view word : {"true", "false", "null"}) {
    if (rest_.starts_with(word)) size = word.size();
  }
  if (size == 0) return fail();
  text_.append(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return true;
}

/// False, since a container is no leaf.
bool JsonScan::open(char end) {
  if (depth_ == depth_max) return fail();
  rest_.remove_prefix(1);
  open_[depth_++] = {end, path_.size()};
  rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  if (rest_.starts_with(end)) {
    rest_.remove_prefix(1);
    return close();
  }
  value_due_ = end == ']' || read_key();
  return false;
}

bool JsonScan::close() {
  path_.truncate(open_[--depth_].path_size);
  return false;
}

bool JsonScan::read_key() {
  if (take_mark() != '"') return fail();
  if (path_.size() != 0) path_.append('.');
  if (!read_string(path_) || path_.full() || take_mark() != ':') return fail();
  return true;
}

template <size_t Bound>
bool JsonScan::read_string(DecodedText<Bound>& target) {
  for (;;) {
    size_t size = rest_.find_first_of("\"\\");
    if (size == std::string_view::npos) return fail();
    target.append(rest_.substr(0, size));
    char mark = rest_[size];
    rest_.remove_prefix(size + 1);
    if (mark == '"') return true;
    if (rest_.empty()) return fail();
    char escape = rest_[0];
    rest_.remove_prefix(1);
    if (escape == 'u') {
      uint32_t unit = 0;
      if (!read_unit(unit)) return fail();
      bool high = unit >= 0xd800 && unit < 0xdc00;
      uint32_t low = 0;
      std::string_view behind = rest_;
      if (high && rest_.starts_with("\\u")) {
        rest_.remove_prefix(2);
        if (!read_unit(low)) return fail();
      }
      if (low >= 0xdc00 && low < 0xe000) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      } else {
        rest_ = behind;  // a lone half: it becomes U+FFFD, and what follows is for itself
      }
      target.append_character(unit);
      continue;
    }
    static constexpr std::string_view escapes = "\"\\/bfnrt";
    size_t place = escapes.find(escape);
    if (place == std::string_view::npos) return fail();
    target.append("\"\\/\b\f\n\r\t"[place]);
  }
}

bool JsonScan::read_unit(uint32_t& unit) {
  if (rest_.size() < 4) return false;
  auto [at, error] = std::from_chars(rest_.data(), rest_.data() + 4, unit, 16);
  if (at != rest_.data() + 4 || error != std::errc{}) return false;
  rest_.remove_prefix(4);
  return true;
}

}  // namespace tapwarden
