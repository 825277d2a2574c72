// SPDX-License-Identifier: Apache-2.0
// From a file to values: yaml-cpp's parser with a handler of our own, so that depth and number are
// bounded while the file is read and an alias costs nothing.
#include "yaml/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <unordered_map>

#include "core/text.hpp"
#include "yaml/document.hpp"

namespace tapwarden::yaml {

namespace {

constexpr size_t kSizeMax = 16 << 20;
constexpr size_t kDepthMax = 64;
constexpr size_t kNodesMax = 1'000'000;

/// Thrown through yaml-cpp's parser, caught in load().
struct Refusal {
  size_t line;
  size_t column;
  std::string message;
};

Refusal refusal(const YAML::Mark& mark, std::string message) {
  if (mark.is_null()) return {0, 0, std::move(message)};
  return {static_cast<size_t>(mark.line) + 1, static_cast<size_t>(mark.column) + 1,
          std::move(message)};
}

/// Builds one document's values. An alias is a second pointer to the value of its anchor, and
/// counts as many nodes as it stands for.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(Document& document) : document_(document) {}

  const Value* root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) throw refusal(mark, "holds more than one document");
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark&, const std::string&) override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Value& value = make(Value::Kind::null, mark, "");
    // yaml-cpp marks what comes after the place where nothing stands: the key is a better place.
    if (const Value* key = pending_key()) {
      value.line = key->line;
      value.column = key->column;
    }
    place(value, anchor, mark);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    Value& value = make(Value::Kind::scalar, mark, tag);
    value.scalar = text;
    value.quoted = tag != "?";
    place(value, anchor, mark);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto known = anchors_.find(anchor);
    if (known == anchors_.end()) throw refusal(mark, "an alias stands inside its own anchor");
    count(known->second->nodes, mark);
    attach(*known->second, mark);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(Value::Kind::list, mark, tag), anchor, mark);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(Value::Kind::map, mark, tag), anchor, mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Value* value;
    YAML::anchor_t anchor;
    YAML::Mark mark;
  };

  Value& make(Value::Kind kind, const YAML::Mark& mark, const std::string& tag) {
    Refusal here = refusal(mark, {});
    // yaml-cpp's own tags: none, "?" for what is plain and "!" for what is quoted.
    if (!tag.empty() && tag != "?" && tag != "!") {
      document_.diagnostics->add(document_.file, here.line, here.column,
                                 fmt::format("tag \"{}\": tags are not allowed", shown(tag)));
    }
    count(1, mark);
    Value& value = document_.values.emplace_back();
    value.kind = kind;
    value.line = here.line;
    value.column = here.column;
    return value;
  }

  void count(size_t nodes, const YAML::Mark& mark) {
    nodes_ += nodes;
    if (nodes_ > kNodesMax)
      throw refusal(mark, fmt::format("holds more than {} values with its aliases", kNodesMax));
  }

  void open(Value& value, YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (open_.size() == kDepthMax) throw too_deep(mark);
    value.height = 1;
    open_.push_back({&value, anchor, mark});
  }

  /// The key whose value is read now.
  const Value* pending_key() const {
    if (open_.empty()) return nullptr;
    const Value& parent = *open_.back().value;
    bool is_pending = parent.kind == Value::Kind::map && parent.items.size() % 2 == 1;
    return is_pending ? parent.items.back() : nullptr;
  }

  void close() {
    Open done = open_.back();
    open_.pop_back();
    place(*done.value, done.anchor, done.mark);
  }

  void place(const Value& value, YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = &value;
    attach(value, mark);
  }

  void attach(const Value& value, const YAML::Mark& mark) {
    if (open_.empty()) {
      root_ = &value;
      return;
    }
    if (open_.size() + value.height > kDepthMax) throw too_deep(mark);
    Value& parent = *open_.back().value;
    parent.items.push_back(&value);
    parent.nodes += value.nodes;
    parent.height = std::max(parent.height, value.height + 1);
  }

  static Refusal too_deep(const YAML::Mark& mark) {
    return refusal(mark, fmt::format("nests deeper than {}", kDepthMax));
  }

  Document& document_;
  const Value* root_ = nullptr;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, const Value*> anchors_;
  size_t nodes_ = 0;
};

std::string read(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) throw Refusal{0, 0, "is a directory"};
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Refusal{0, 0, fmt::format("cannot be opened: {}", std::strerror(errno))};
  std::string octets;
  std::array<char, 65536> part;
  while (octets.size() <= kSizeMax && (stream.read(part.data(), part.size()), stream.gcount() > 0))
    octets.append(part.data(), static_cast<size_t>(stream.gcount()));
  if (stream.bad()) throw Refusal{0, 0, fmt::format("cannot be read: {}", std::strerror(errno))};
  if (octets.size() > kSizeMax) throw Refusal{0, 0, "is larger than 16 MiB"};
  return octets;
}

/// yaml-cpp takes 0x04 for the end of the file, and would leave out what follows in silence; and
/// records must be UTF-8.
void refuse_bad_octets(std::string_view octets) {
  size_t bad = utf8_prefix(octets);
  auto is_control = [](char c) {
    return (c >= 0 && c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f;
  };
  auto control = std::ranges::find_if(octets, is_control);
  size_t at = std::min(bad, static_cast<size_t>(control - octets.begin()));
  if (at == octets.size()) return;
  std::string_view before = octets.substr(0, at);
  size_t line_start = before.rfind('\n') + 1;  // 0 in the first line: npos + 1
  throw Refusal{static_cast<size_t>(std::ranges::count(before, '\n')) + 1, at - line_start + 1,
                fmt::format("{} 0x{:02x}", at == bad ? "not UTF-8:" : "not YAML: control character",
                            static_cast<uint8_t>(octets[at]))};
}

const Value* parse(const std::filesystem::path& file, Document& document) {
  std::string octets = read(file);
  refuse_bad_octets(octets);
  std::istringstream stream(std::move(octets));
  Builder builder(document);
  YAML::Parser parser(stream);
  while (parser.HandleNextDocument(builder)) continue;
  return builder.root();
}

}  // namespace

std::string shown(std::string_view text) {
  char cleaned[120];
  Cleaned result = clean(text, cleaned, sizeof cleaned);
  return std::string(cleaned, result.size) + (result.cut ? "..." : "");
}

Node load(const std::filesystem::path& file, Diagnostics& diagnostics) {
  auto document = std::make_shared<Document>();
  document->file = file.string();
  document->diagnostics = &diagnostics;
  try {
    const Value* root = parse(file, *document);
    if (!root || root->kind == Value::Kind::null) return {};
    return Node(std::make_shared<Node::Data>(Node::Data{document, root, ""}));
  } catch (const Refusal& e) {
    diagnostics.add(document->file, e.line, e.column, e.message);
  } catch (const YAML::Exception& e) {
    Refusal place = refusal(e.mark, fmt::format("not YAML: {}", shown(e.msg)));
    diagnostics.add(document->file, place.line, place.column, place.message);
  }
  return {};
}

}  // namespace tapwarden::yaml
