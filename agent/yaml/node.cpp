// SPDX-License-Identifier: Apache-2.0
// Reading values: each read says what it wanted where it does not find it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "core/text.hpp"
#include "yaml/document.hpp"
#include "yaml/units.hpp"
#include "yaml/yaml.hpp"

namespace tapwarden::yaml {

namespace {

std::string_view name(Value::Kind kind) {
  static constexpr std::array<std::string_view, 4> names{"nothing", "a single value", "a list",
                                                         "a mapping"};
  return names[static_cast<size_t>(kind)];
}

/// Whether the node is of that kind; complains where it is of another.
bool is(Value::Kind wanted, const Node& node, const Value& value, std::string_view what) {
  if (value.kind == wanted) return true;
  if (value.kind == Value::Kind::null)
    node.complain(fmt::format("empty, {} is wanted", what));
  else
    node.complain(fmt::format("{} where {} is wanted", name(value.kind), what));
  return false;
}

/// The scalar's text where it is one and stands without quotes.
const std::string* plain(const Node& node, const Value& value, std::string_view what) {
  if (!is(Value::Kind::scalar, node, value, what)) return nullptr;
  if (!value.quoted) return &value.scalar;
  node.complain(fmt::format("a text in quotes where {} is wanted", what));
  return nullptr;
}

/// What no text may hold, even where it is written as an escape: a NUL would cut a path short.
bool is_control(char c) { return (c >= 0 && c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; }

/// "a, b and c".
template <typename Names>
std::string enumerate(const Names& names) {
  std::string text;
  size_t left = std::ranges::size(names);
  for (const auto& each : names) {
    text += each;
    --left;
    text += left > 1 ? ", " : left == 1 ? " and " : "";
  }
  return text;
}

std::string join(const std::string& path, std::string_view key) {
  return path.empty() ? shown(key) : fmt::format("{}.{}", path, shown(key));
}

}  // namespace

size_t Node::line() const { return data_ ? data_->value->line : 0; }
size_t Node::column() const { return data_ ? data_->value->column : 0; }

const std::string& Node::file() const {
  static const std::string none;
  return data_ ? data_->document->file : none;
}

const std::string& Node::path() const {
  static const std::string none;
  return data_ ? data_->path : none;
}

void Node::complain(std::string_view message) const {
  if (!data_) return;
  data_->document->diagnostics->add(
      file(), line(), column(),
      path().empty() ? std::string(message) : fmt::format("{}: {}", path(), message));
}

std::optional<std::string> Node::text() const {
  std::optional<std::string> text = text_or_empty();
  if (!text || !text->empty()) return text;
  complain("empty, a text is wanted");
  return std::nullopt;
}

std::optional<std::string> Node::text_or_empty() const {
  if (!data_ || !is(Value::Kind::scalar, *this, *data_->value, "a text")) return std::nullopt;
  const std::string& text = data_->value->scalar;
  if (std::ranges::none_of(text, is_control)) return text;
  complain("holds a control character");
  return std::nullopt;
}

std::optional<bool> Node::boolean() const {
  const std::string* text = data_ ? plain(*this, *data_->value, "true or false") : nullptr;
  if (!text) return std::nullopt;
  if (*text == "true") return true;
  if (*text == "false") return false;
  complain(fmt::format("\"{}\" is unknown, allowed are true and false", shown(*text)));
  return std::nullopt;
}

std::optional<int64_t> Node::integer(int64_t min, int64_t max) const {
  const std::string* text = data_ ? plain(*this, *data_->value, "a whole number") : nullptr;
  if (!text) return std::nullopt;
  int64_t number = 0;
  const char* end = text->data() + text->size();
  auto [at, error] = std::from_chars(text->data(), end, number);
  if (error == std::errc::invalid_argument || at != end) {
    complain(
        fmt::format("\"{}\" is not a whole number, allowed are {} to {}", shown(*text), min, max));
    return std::nullopt;
  }
  if (error == std::errc() && number >= min && number <= max) return number;
  complain(fmt::format("{} is out of range, allowed are {} to {}", shown(*text), min, max));
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> Node::duration(std::chrono::milliseconds min,
                                                        std::chrono::milliseconds max) const {
  if (!data_ || !is(Value::Kind::scalar, *this, *data_->value, "a duration")) return std::nullopt;
  const std::string& text = data_->value->scalar;
  std::string allowed =
      fmt::format("allowed are {} to {}", format_duration(min), format_duration(max));
  std::optional<std::chrono::milliseconds> duration = parse_duration(text);
  if (duration && *duration >= min && *duration <= max) return duration;
  if (duration)
    complain(fmt::format("{} is out of range, {}", shown(text), allowed));
  else
    complain(fmt::format("\"{}\" is not a duration, {} with a unit of ms, s, m, h or d",
                         shown(text), allowed));
  return std::nullopt;
}

std::optional<uint64_t> Node::size(uint64_t min, uint64_t max) const {
  if (!data_ || !is(Value::Kind::scalar, *this, *data_->value, "a size")) return std::nullopt;
  const std::string& text = data_->value->scalar;
  std::string allowed = fmt::format("allowed are {} to {}", format_size(min), format_size(max));
  std::optional<uint64_t> size = parse_size(text);
  if (size && *size >= min && *size <= max) return size;
  if (size)
    complain(fmt::format("{} is out of range, {}", shown(text), allowed));
  else
    complain(fmt::format("\"{}\" is not a size, {} with a unit of B, KiB, MiB or GiB", shown(text),
                         allowed));
  return std::nullopt;
}

std::optional<std::chrono::year_month_day> Node::date(std::string_view hint) const {
  if (!data_ || !is(Value::Kind::scalar, *this, *data_->value, "a date")) return std::nullopt;
  const std::string& text = data_->value->scalar;
  std::optional<std::chrono::year_month_day> date = parse_date(text);
  if (!date) complain(date_error(text) + (hint.empty() ? "" : "; ") + std::string(hint));
  return date;
}

std::optional<size_t> Node::choice(std::span<const std::string_view> allowed) const {
  if (!data_ || !is(Value::Kind::scalar, *this, *data_->value, "a single value"))
    return std::nullopt;
  const std::string& text = data_->value->scalar;
  auto found = std::ranges::find(allowed, std::string_view(text));
  if (found != allowed.end()) return static_cast<size_t>(found - allowed.begin());
  std::string_view near = nearest(text, allowed);
  std::string all = enumerate(allowed);
  if (near.empty())
    complain(fmt::format("\"{}\" is unknown, allowed are {}", shown(text), all));
  else
    complain(fmt::format("\"{}\" is unknown, did you mean \"{}\"? Allowed are {}", shown(text),
                         near, all));
  return std::nullopt;
}

std::vector<Node> Node::list() const {
  std::vector<Node> nodes;
  if (!data_ || !is(Value::Kind::list, *this, *data_->value, "a list")) return nodes;
  for (const Value* item : data_->value->items) {
    nodes.push_back(Node(std::make_shared<Data>(
        Data{data_->document, item, fmt::format("{}[{}]", path(), nodes.size())})));
  }
  return nodes;
}

std::vector<std::string> Node::texts() const {
  std::vector<std::string> texts;
  for (const Node& node : list()) {
    if (std::optional<std::string> text = node.text()) texts.push_back(std::move(*text));
  }
  return texts;
}

Map::Map(const Node& node) : node_(node) {
  if (!node || !is(Value::Kind::map, node, *node.data_->value, "a mapping")) return;
  const Node::Data& data = *node.data_;
  std::unordered_map<std::string_view, size_t> lines;
  for (size_t i = 0; i + 1 < data.value->items.size(); i += 2) {
    const Value* key = data.value->items[i];
    const Value* value = data.value->items[i + 1];
    std::string path = join(data.path, key->scalar);
    auto make = [&](const Value* of) {
      return Node(std::make_shared<Node::Data>(Node::Data{data.document, of, path}));
    };
    Node key_node = make(key);
    if (!is(Value::Kind::scalar, key_node, *key, "a key")) continue;
    auto [first, is_new] = lines.emplace(key->scalar, key->line);
    if (is_new)
      entries_.emplace_back(key_node, make(value));
    else
      key_node.complain(fmt::format("stands twice, first in line {}", first->second));
  }
}

Node Map::required(std::string_view key) {
  Node found = optional(key);
  if (!found && node_ && node_.data_->value->kind == Value::Kind::map) {
    Node::Data absent{node_.data_->document, node_.data_->value, join(node_.path(), key)};
    Node(std::make_shared<Node::Data>(std::move(absent))).complain("missing");
  }
  return found;
}

Node Map::optional(std::string_view key) {
  asked_.emplace(key);
  for (const auto& [key_node, value] : entries_) {
    if (key_node.data_->value->scalar == key) return value;
  }
  return {};
}

std::vector<std::pair<Node, Node>> Map::entries() {
  for (const auto& [key_node, value] : entries_) asked_.insert(key_node.data_->value->scalar);
  return entries_;
}

void Map::finish() {
  for (const auto& [key_node, value] : entries_) {
    const std::string& key = key_node.data_->value->scalar;
    if (asked_.contains(key)) continue;
    std::string_view near = nearest(key, asked_);
    if (asked_.empty())
      key_node.complain("unknown key, none is allowed");
    else if (!near.empty())
      key_node.complain(fmt::format("unknown key, did you mean \"{}\"?", near));
    else
      key_node.complain(fmt::format("unknown key, allowed are {}", enumerate(asked_)));
  }
}

}  // namespace tapwarden::yaml
