// SPDX-License-Identifier: Apache-2.0
// The kinds of values that an option can have, and for each how it is read, shown and said to be
// allowed. A further kind is a further struct here and a further overload in kind.cpp and
// schema.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "yaml/yaml.hpp"

namespace tapwarden::config {

struct Flag {};
struct Whole {
  int64_t min;
  int64_t max;
};
struct Size {  ///< in octets
  int64_t min;
  int64_t max;
};
struct Duration {
  std::chrono::milliseconds min;
  std::chrono::milliseconds max;
};
struct Choice {
  std::span<const std::string_view> names;  ///< in the order of the enum
};
struct Text {  ///< may be empty
  std::string_view what = "text";
};
struct Name {};              ///< a text that must be there
struct Output {              ///< the path of a file that is written
  bool is_required = false;  ///< else it may be empty
};
struct Texts {
  std::string_view what = "texts";
};

struct Choices {  ///< some of a few words
  std::span<const std::string_view> names;
};
struct Pairs {  ///< names that are the operator's, each with a text
  std::string_view what;
};

struct Prefixes {};  ///< blocks of IP addresses in CIDR notation

using Kind = std::variant<Flag, Whole, Size, Duration, Choice, Text, Name, Output, Texts, Prefixes,
                          Choices, Pairs>;

/// A visitor of kinds, made of one lambda for each.
template <typename... Cases>
struct Each : Cases... {
  using Cases::operator()...;
};

/// What any kind reads: a number is the number itself, octets, milliseconds or the place among the
/// choices; pairs are their names and texts by turns.
using Value = std::variant<bool, int64_t, std::string, std::vector<std::string>>;

/// Nothing where the node holds something else; that has been complained of.
std::optional<Value> read(const yaml::Node& node, const Kind& kind);

/// "64 to 262144", for people.
std::string allowed(const Kind& kind);

/// The value as it stands in a YAML file, in one line.
std::string to_yaml(const Value& value, const Kind& kind);

}  // namespace tapwarden::config
