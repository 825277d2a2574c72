// SPDX-License-Identifier: Apache-2.0
// The only door to yaml-cpp: nodes that know their place, typed reads, and every mistake told at
// once as file:line:column with what is allowed. A read that fails has complained already and gives
// nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostics.hpp"

namespace tapwarden::yaml {

/// A value in a file, or none. Copies are cheap and share the document; a Node keeps its document
/// alive, but not the Diagnostics it was loaded with.
class Node {
 public:
  Node() = default;

  /// False for a key that is absent; every read of such a node gives nothing and does not complain.
  explicit operator bool() const { return data_ != nullptr; }
  size_t line() const;    ///< from 1
  size_t column() const;  ///< from 1
  const std::string& file() const;
  /// The way to here, as in "taps[0].interface".
  const std::string& path() const;

  /// Adds "path: message" at this node's place.
  void complain(std::string_view message) const;

  std::optional<std::string> text() const;  ///< a scalar that is not empty
  /// A scalar; "" in quotes is one, a key without a value is not.
  std::optional<std::string> text_or_empty() const;
  std::optional<bool> boolean() const;  ///< true or false
  /// A decimal number without quotes.
  std::optional<int64_t> integer(int64_t min, int64_t max) const;
  /// A number with a unit: ms, s, m, h or d; "0s" only where min allows it.
  std::optional<std::chrono::milliseconds> duration(std::chrono::milliseconds min,
                                                    std::chrono::milliseconds max) const;
  /// A number of octets with a unit: B, KiB, MiB or GiB.
  std::optional<uint64_t> size(uint64_t min, uint64_t max) const;
  /// YYYY-MM-DD, one that the calendar has, from 1970-01-01 to 2261-12-31. What else
  /// could be done is the complaint's end.
  std::optional<std::chrono::year_month_day> date(std::string_view hint = {}) const;
  /// Index into `allowed`; the complaint names the nearest of them.
  std::optional<size_t> choice(std::span<const std::string_view> allowed) const;
  /// The elements of a sequence; a complaint and nothing for anything else.
  std::vector<Node> list() const;
  /// Each element as text().
  std::vector<std::string> texts() const;

 private:
  friend class Map;
  friend Node load(const std::filesystem::path&, Diagnostics&);
  struct Data;  // in yaml/document.hpp
  explicit Node(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

/// A mapping, read key by key. Keys that nobody asked for are unknown: finish() complains about
/// each at its own place and names the nearest that was asked for. A key that stands twice is a
/// complaint too; the first one counts.
class Map {
 public:
  /// Complains when `node` exists and is not a mapping.
  explicit Map(const Node& node);

  Node required(std::string_view key);  ///< complains at the mapping's place when absent
  Node optional(std::string_view key);
  /// All keys with their values in file order, each key readable with text(), for mappings whose
  /// keys are the operator's; all count as asked for.
  std::vector<std::pair<Node, Node>> entries();
  void finish();

 private:
  Node node_;
  std::vector<std::pair<Node, Node>> entries_;
  std::set<std::string, std::less<>> asked_;
};

/// The document's root. When the file cannot be read or is not YAML (or holds more than one
/// document, or is larger than 16 MiB, or nests deeper than 64, or holds more than a million values
/// with its aliases written out) that is complained of and the node is none. An empty file gives
/// none too. Tags are complained of.
Node load(const std::filesystem::path& file, Diagnostics& diagnostics);

}  // namespace tapwarden::yaml
