// SPDX-License-Identifier: Apache-2.0
// What a parsed file is inside: plain values with their places. For yaml.cpp, which builds them,
// and node.cpp, which reads them.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "yaml/yaml.hpp"

namespace tapwarden::yaml {

struct Value {
  enum class Kind : uint8_t { null, scalar, list, map };
  Kind kind = Kind::null;
  bool quoted = false;  ///< a scalar in quotes or a block: a text, whatever it looks like
  size_t line = 0;
  size_t column = 0;
  std::string scalar;
  std::vector<const Value*> items;  ///< of a list; of a map key, value, key, value
  size_t nodes = 1;                 ///< in and below this one, aliases written out
  size_t height = 0;  ///< levels of lists and mappings from here down, aliases written out
};

struct Document {
  std::string file;
  Diagnostics* diagnostics = nullptr;
  std::deque<Value> values;  ///< where they live: pointers to them stay good
};

struct Node::Data {
  std::shared_ptr<const Document> document;
  const Value* value;
  std::string path;
};

/// A text of the operator's as a complaint may show it: cleaned and bounded.
std::string shown(std::string_view text);

}  // namespace tapwarden::yaml
