// SPDX-License-Identifier: Apache-2.0
#include "identify/fingerprint_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "identify/rule_files.hpp"

namespace tapwarden {

namespace {

constexpr std::array<std::string_view, 4> aspects = {"platform", "brand", "component", "client"};
constexpr std::array<std::string_view, 3> certainties = {"low", "medium", "high"};

RulePlace place_of(const yaml::Node& node) {
  return {node.file(), node.line(), node.column(), node.path()};
}

std::optional<Protocol> read_protocol(const yaml::Node& node, const std::filesystem::path& file) {
  std::vector<std::string_view> names;
  for (const ProtocolRow& row : protocol_table()) names.push_back(row.name);
  std::optional<size_t> protocol = node.choice(names);
  if (!protocol) return std::nullopt;
  if (names[*protocol] != file.stem().string())
    node.complain(fmt::format("{} is not the name of the file, {}", in_quotes(names[*protocol]),
                              in_quotes(file.stem().string())));
  return static_cast<Protocol>(*protocol);
}

std::optional<Field> read_field(const yaml::Node& node, Protocol protocol) {
  std::vector<std::string_view> names;
  for (Field field : row(protocol).fields) names.push_back(to_string(field));
  std::optional<size_t> field = node.choice(names);
  if (!field) return std::nullopt;
  return row(protocol).fields[*field];
}

/// A literal whose references the pattern has groups for.
std::string read_literal(const yaml::Node& node, const Pattern& pattern) {
  if (!node) return {};
  std::string literal = node.text().value_or("");
  std::optional<int> highest = highest_reference(literal);
  if (!highest)
    node.complain("a backslash must be followed by a digit from 1 to 9");
  else if (*highest > pattern.groups())
    node.complain(
        fmt::format("\\{} refers to no group, the pattern has {}", *highest, pattern.groups()));
  return literal;
}

std::optional<std::string> read_expected(const yaml::Node& node) {
  return node ? node.text() : std::nullopt;
}

void read_examples(const yaml::Node& list, std::vector<Fingerprint::Example>& examples) {
  if (!list) return;
  for (const yaml::Node& node : list.list()) {
    yaml::Map map(node);
    yaml::Node text = map.required("text");
    Fingerprint::Example example{text.text().value_or(""), read_expected(map.optional("brand")),
                                 read_expected(map.optional("model")),
                                 read_expected(map.optional("software")), place_of(node)};
    map.finish();
    if (!example.text.empty()) examples.push_back(std::move(example));
  }
}

void read_counterexamples(const yaml::Node& list, std::vector<Fingerprint::Example>& examples) {
  if (!list) return;
  for (const yaml::Node& node : list.list())
    if (std::optional<std::string> text = node.text())
      examples.push_back({*text, {}, {}, {}, place_of(node)});
}

/// How sure the row is; a row that names nobody need not say.
void read_certainty(yaml::Map& map, Fingerprint& row) {
  yaml::Node node = row.supplier.empty() ? map.optional("certainty") : map.required("certainty");
  if (std::optional<size_t> certainty = node.choice(certainties))
    row.certainty = static_cast<Certainty>(*certainty);
}

}  // namespace

void FingerprintReader::read(const std::filesystem::path& file, size_t directory) {
  yaml::Node root = yaml::load(file, diagnostics_);
  if (!root) return;
  yaml::Map map(root);
  std::optional<Protocol> protocol = read_protocol(map.required("protocol"), file);
  yaml::Node list = map.required("fingerprints");
  map.finish();
  if (!protocol || !list) return;
  for (const yaml::Node& node : list.list()) read_row(node, *protocol, directory);
}

void FingerprintReader::read_row(const yaml::Node& node, Protocol protocol, size_t directory) {
  Fingerprint row;
  row.protocol = protocol;
  row.directory = directory;
  yaml::Map map(node);
  bool good = read_id(map.required("id"), row);
  std::optional<Field> field = read_field(map.required("field"), protocol);
  yaml::Node pattern_node = map.required("pattern");
  row.pattern = pattern_node.text().value_or("");
  good = read_supplier(map.optional("supplier"), row) && good;
  if (std::optional<size_t> aspect = map.optional("aspect").choice(aspects))
    row.aspect = static_cast<Aspect>(*aspect);
  Pattern pattern(row.pattern);
  std::string error = pattern.error();
  if (!error.empty()) pattern_node.complain("not a pattern: " + shown(error));
  row.brand = read_literal(map.optional("brand"), pattern);
  row.model = read_literal(map.optional("model"), pattern);
  row.software = read_literal(map.optional("software"), pattern);
  read_certainty(map, row);
  row.source = map.required("source").text().value_or("");
  read_examples(map.optional("examples"), row.examples);
  read_counterexamples(map.optional("counterexamples"), row.counterexamples);
  map.finish();
  if (!good || !field || row.pattern.empty() || !error.empty()) return;
  row.field = *field;
  if (rows_.size() == Fingerprints::rows_max) {
    node.complain(fmt::format("more than {} fingerprints", Fingerprints::rows_max));
    return;
  }
  rows_.push_back({std::move(row), std::move(pattern)});
}

bool FingerprintReader::read_id(const yaml::Node& node, Fingerprint& row) {
  row.id = node.text().value_or("");
  if (row.id.empty()) return false;
  if (ids_.insert(row.id).second) return true;
  node.complain(fmt::format("{} is the id of another fingerprint", in_quotes(row.id)));
  return false;
}

bool FingerprintReader::read_supplier(const yaml::Node& node, Fingerprint& row) const {
  if (!node) return true;
  row.supplier = node.text().value_or("");
  if (row.supplier.empty()) return false;
  if (suppliers_.find(row.supplier)) return true;
  node.complain(suppliers_.unknown(row.supplier));
  return false;
}

}  // namespace tapwarden
