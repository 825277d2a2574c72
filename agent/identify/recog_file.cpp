// SPDX-License-Identifier: Apache-2.0
#include "identify/recog_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <pugixml.hpp>

#include "identify/rule_files.hpp"

namespace tapwarden {

namespace {

constexpr size_t entries_max = Fingerprints::rows_max;
constexpr size_t parts_max = 1000;  // examples and parameters of one entry

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string octets;
  uint32_t bits = 0;
  unsigned held = 0;
  size_t padding = 0;
  for (char c : text) {
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (std::string_view(" \t\r\n").find(c) != std::string_view::npos) continue;
    if (c == '=' && ++padding <= 2) continue;
    size_t value = alphabet.find(c);
    if (value == std::string_view::npos || padding > 0) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    octets += static_cast<char>(bits >> held & 0xff);
  }
  if (held >= 6) return std::nullopt;
  return octets;
}

std::optional<std::string> read_octets(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(std::istreambuf_iterator<char>(stream), {});
  if (stream.bad() || text.size() > RecogFile::size_max) return std::nullopt;
  return text;
}

std::string text_of(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& child : node.children())
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
      text += child.value();
  return text;
}

/// One file as it is read.
class Source {
 public:
  Source(const std::filesystem::path& file, Diagnostics& diagnostics)
      : path_(file), file_(file.string()), diagnostics_(diagnostics) {}

  bool parse() {
    std::optional<std::string> text = read_octets(path_);
    if (!text) {
      diagnostics_.add(
          file_, 0, 0,
          fmt::format("cannot be read, or is larger than {} MiB", RecogFile::size_max >> 20));
      return false;
    }
    for (size_t end = text->find('\n'); end != std::string::npos; end = text->find('\n', end + 1))
      line_ends_.push_back(end);
    // pugixml expands no entities of a document's own, so no small file becomes a large one.
    pugi::xml_parse_result result =
        document_.load_buffer(text->data(), text->size(), pugi::parse_default, pugi::encoding_utf8);
    if (result) return true;
    complain(place(result.offset), fmt::format("not XML: {}", result.description()));
    return false;
  }

  pugi::xml_node root() const { return document_.document_element(); }
  const std::filesystem::path& path() const { return path_; }

  RulePlace place(const pugi::xml_node& node, std::string path) const {
    // The offset is that of the element's name; its place is that of the bracket before it.
    RulePlace found = place(std::max<std::ptrdiff_t>(node.offset_debug(), 1) - 1);
    found.path = std::move(path);
    return found;
  }
  void complain(const RulePlace& where, std::string_view what) const {
    diagnostics_.add(
        where.file, where.line, where.column,
        where.path.empty() ? std::string(what) : fmt::format("{}: {}", where.path, what));
  }

 private:
  RulePlace place(std::ptrdiff_t offset) const {
    auto at = static_cast<size_t>(offset);
    auto end = std::ranges::lower_bound(line_ends_, at);
    size_t begin = end == line_ends_.begin() ? 0 : *std::prev(end) + 1;
    return {file_, static_cast<size_t>(end - line_ends_.begin()) + 1, at - begin + 1, {}};
  }

  std::filesystem::path path_;
  std::string file_;
  Diagnostics& diagnostics_;
  pugi::xml_document document_;
  std::vector<size_t> line_ends_;
};

/// The octets of an example: its own text, or those of a file in the folder that is named like the
/// fingerprints' file.
std::optional<std::string> example_text(const Source& source, const pugi::xml_node& node,
                                        const RulePlace& place) {
  std::string_view encoding = node.attribute("_encoding").value();
  std::filesystem::path name = node.attribute("_filename").value();
  if (!name.empty()) {
    std::filesystem::path folder = source.path().parent_path() / source.path().stem();
    bool is_below = name.is_relative() && std::ranges::find(name, "..") == name.end();
    std::optional<std::string> octets = is_below ? read_octets(folder / name) : std::nullopt;
    if (!octets)
      source.complain(place, fmt::format("_filename: {} is no file below {}",
                                         in_quotes(name.string()), in_quotes(folder.string())));
    return octets;
  }
  if (encoding.empty()) return text_of(node);
  if (encoding != "base64") {
    source.complain(
        place, fmt::format("_encoding: {} is unknown, allowed is base64", in_quotes(encoding)));
    return std::nullopt;
  }
  std::optional<std::string> octets = decode_base64(text_of(node));
  if (!octets) source.complain(place, "is not base64");
  return octets;
}

bool read_example(const Source& source, const pugi::xml_node& node, RecogEntry& entry) {
  RecogExample example;
  example.place = source.place(node, "example");
  std::optional<std::string> text = example_text(source, node, example.place);
  if (!text) return false;
  example.text = std::move(*text);
  for (const pugi::xml_attribute& attribute : node.attributes())
    if (attribute.name()[0] != '_')
      example.expected.emplace_back(attribute.name(), attribute.value());
  entry.examples.push_back(std::move(example));
  return true;
}

bool read_parameter(const Source& source, const pugi::xml_node& node, RecogEntry& entry) {
  RulePlace place = source.place(node, "param");
  RecogParameter parameter{node.attribute("name").value(), 0, node.attribute("value").value()};
  if (parameter.name.empty()) return source.complain(place, "name: missing"), false;
  std::optional<size_t> group = number<size_t>(node.attribute("pos").value());
  if (!group || *group > 99) {
    source.complain(place, fmt::format("pos: {} is not a number from 0 to 99",
                                       in_quotes(node.attribute("pos").value())));
    return false;
  }
  parameter.group = *group;
  entry.parameters.push_back(std::move(parameter));
  return true;
}

std::optional<RecogEntry> read_entry(const Source& source, const pugi::xml_node& node) {
  RecogEntry entry;
  entry.place = source.place(node, "fingerprint");
  entry.pattern = node.attribute("pattern").value();
  entry.flags = node.attribute("flags").value();
  bool good = !entry.pattern.empty();
  if (!good) source.complain(entry.place, "pattern: missing");
  if (std::string_view certainty = node.attribute("certainty").value(); !certainty.empty()) {
    entry.certainty = number<double>(certainty).value_or(-1);
    if (!(entry.certainty >= 0 && entry.certainty <= 1)) {
      source.complain(entry.place, fmt::format("certainty: {} is not a number from 0 to 1",
                                               in_quotes(certainty)));
      good = false;
    }
  }
  for (const pugi::xml_node& part : node.children()) {
    std::string_view name = part.name();
    if (entry.examples.size() + entry.parameters.size() == parts_max) {
      source.complain(entry.place, fmt::format("more than {} parts", parts_max));
      return std::nullopt;
    }
    if (name == "example") good = read_example(source, part, entry) && good;
    if (name == "param") good = read_parameter(source, part, entry) && good;
  }
  return good ? std::optional(std::move(entry)) : std::nullopt;
}

}  // namespace

const RecogParameter* RecogEntry::find(std::string_view name) const {
  // Where a name stands twice the later one counts, as in Recog.
  auto last =
      std::ranges::find(parameters.rbegin(), parameters.rend(), name, &RecogParameter::name);
  return last == parameters.rend() ? nullptr : &*last;
}

RecogFile read_recog_file(const std::filesystem::path& file, Diagnostics& diagnostics) {
  RecogFile read;
  Source source(file, diagnostics);
  if (!source.parse()) return read;
  pugi::xml_node root = source.root();
  if (std::string_view(root.name()) != "fingerprints") {
    source.complain(source.place(root, {}),
                    fmt::format("{} is not fingerprints, the element that Recog's files open with",
                                in_quotes(root.name())));
    return read;
  }
  read.matches = root.attribute("matches").value();
  if (read.matches.empty()) read.matches = file.stem().string();
  for (const pugi::xml_node& node : root.children("fingerprint")) {
    if (read.entries.size() == entries_max) {
      source.complain(source.place(node, "fingerprint"),
                      fmt::format("more than {} fingerprints", entries_max));
      break;
    }
    if (std::optional<RecogEntry> entry = read_entry(source, node))
      read.entries.push_back(std::move(*entry));
  }
  return read;
}

}  // namespace tapwarden
