// SPDX-License-Identifier: Apache-2.0
#include "dissect/challenges.hpp"

#include <algorithm>
#include <array>

#include "dissect/heads.hpp"

namespace tapwarden {

namespace {

constexpr unsigned kParametersMax = 64;  // of all challenges in one header

void skip_any(std::string_view& rest, std::string_view characters) {
  rest.remove_prefix(std::min(rest.find_first_not_of(characters), rest.size()));
}

std::string_view take_until(std::string_view& rest, std::string_view stops) {
  std::string_view taken = rest.substr(0, rest.find_first_of(stops));
  rest.remove_prefix(taken.size());
  return taken;
}

/// A quoted string without its quotes, still with its quoted pairs; nothing when it does not end.
std::string_view take_quoted(std::string_view& rest) {
  for (size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      std::string_view inner = rest.substr(1, i - 1);
      rest.remove_prefix(i + 1);
      return inner;
    }
  }
  rest = {};
  return {};
}

void unquoted(Field field, std::string_view text, Emit& emit) {
  std::array<char, Observation::text_max + 1> plain;  // one more, so that a cut is seen as one
  size_t size = 0;
  for (size_t i = 0; i < text.size() && size < plain.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain[size++] = text[i];
  }
  emit.text(field, std::string_view(plain.data(), size));
}

}  // namespace

// Schemes and parameters are told apart by the equals sign alone, and a quoted string is stepped
// over as one.
void realms(std::string_view rest, Emit& emit) {
  for (unsigned left = kParametersMax; left > 0 && !rest.empty(); --left) {
    skip_any(rest, " \t,");
    std::string_view name = take_until(rest, " \t,=\"");
    skip_any(rest, " \t");
    if (!rest.starts_with('=')) {
      if (rest.starts_with('"')) take_quoted(rest);
      continue;
    }
    rest.remove_prefix(1);
    skip_any(rest, " \t");
    bool is_quoted = rest.starts_with('"');
    std::string_view value = is_quoted ? take_quoted(rest) : take_until(rest, " \t,");
    if (!equal_without_case(name, "realm")) continue;
    if (is_quoted) {
      unquoted(Field::realm, value, emit);
    } else {
      emit.text(Field::realm, value);
    }
  }
}

}  // namespace tapwarden
