// SPDX-License-Identifier: Apache-2.0
#include "identify/fingerprints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

#include "identify/fingerprint_file.hpp"
#include "identify/pattern.hpp"
#include "identify/rule_files.hpp"

namespace tapwarden {

struct Fingerprints::Compiled {
  /// The rows over one field of one protocol, in the order in which they are asked.
  struct Group {
    std::vector<size_t> rows;
    PatternSet set;
  };

  std::vector<Fingerprint> rows;
  std::vector<Pattern> patterns;  // one for each row
  std::map<std::pair<Protocol, Field>, Group> groups;

  void group();
  Match fill(size_t index, const Captures& captures) const;
  std::optional<Match> first(Protocol protocol, Field field, std::string_view text,
                             size_t directory_max) const;
  void try_example(size_t index, const Fingerprint::Example& example,
                   Diagnostics& diagnostics) const;
};

namespace {

void complain(const RulePlace& place, std::string_view message, Diagnostics& diagnostics) {
  diagnostics.add(place.file, place.line, place.column, fmt::format("{}: {}", place.path, message));
}

void expect(const RulePlace& place, std::string_view key, std::string_view found,
            const std::optional<std::string>& wanted, Diagnostics& diagnostics) {
  if (!wanted || *wanted == found) return;
  complain(place, fmt::format("{} is {}, expected {}", key, in_quotes(found), in_quotes(*wanted)),
           diagnostics);
}

}  // namespace

void Fingerprints::Compiled::group() {
  std::map<std::pair<Protocol, Field>, std::vector<size_t>> sorted;
  for (size_t i = 0; i < rows.size(); ++i) sorted[{rows[i].protocol, rows[i].field}].push_back(i);
  for (auto& [key, indices] : sorted) {
    std::ranges::stable_sort(indices, std::ranges::greater{},
                             [this](size_t i) { return rows[i].directory; });
    std::vector<const Pattern*> members;
    for (size_t i : indices) members.push_back(&patterns[i]);
    groups.try_emplace(key, Group{std::move(indices), PatternSet(members)});
  }
}

Match Fingerprints::Compiled::fill(size_t index, const Captures& captures) const {
  const Fingerprint& row = rows[index];
  return {&row, expand(row.brand, captures), expand(row.model, captures),
          expand(row.software, captures)};
}

std::optional<Match> Fingerprints::Compiled::first(Protocol protocol, Field field,
                                                   std::string_view text,
                                                   size_t directory_max) const {
  auto found = groups.find({protocol, field});
  if (found == groups.end()) return std::nullopt;
  const Group& group = found->second;
  for (size_t candidate : group.set.candidates(text)) {
    size_t index = group.rows[candidate];
    if (rows[index].directory > directory_max) continue;
    if (std::optional<Captures> captures = patterns[index].search(text))
      return fill(index, *captures);
  }
  return std::nullopt;
}

void Fingerprints::Compiled::try_example(size_t index, const Fingerprint::Example& example,
                                         Diagnostics& diagnostics) const {
  const Fingerprint& row = rows[index];
  std::optional<Captures> captures = patterns[index].search(example.text);
  if (!captures) {
    complain(example.place, fmt::format("does not match {}", row.id), diagnostics);
    return;
  }
  std::optional<Match> winner = first(row.protocol, row.field, example.text, row.directory);
  if (winner && winner->row != &row) {
    complain(example.place, fmt::format("{} comes before {} and matches", winner->row->id, row.id),
             diagnostics);
    return;
  }
  Match match = fill(index, *captures);
  expect(example.place, "brand", match.brand, example.brand, diagnostics);
  expect(example.place, "model", match.model, example.model, diagnostics);
  expect(example.place, "software", match.software, example.software, diagnostics);
}

Fingerprints::Fingerprints() : compiled_(std::make_unique<Compiled>()) {}
Fingerprints::Fingerprints(Fingerprints&&) noexcept = default;
Fingerprints& Fingerprints::operator=(Fingerprints&&) noexcept = default;
Fingerprints::~Fingerprints() = default;

Fingerprints Fingerprints::load(std::span<const std::filesystem::path> directories,
                                const Suppliers& suppliers, Diagnostics& diagnostics) {
  Fingerprints fingerprints;
  Compiled& compiled = *fingerprints.compiled_;
  FingerprintReader reader(suppliers, diagnostics);
  for (size_t i = 0; i < directories.size(); ++i)
    for (const std::filesystem::path& file : rule_files(directories[i], diagnostics))
      reader.read(file, i);
  for (ReadFingerprint& read : reader.take()) {
    compiled.rows.push_back(std::move(read.row));
    compiled.patterns.push_back(std::move(read.pattern));
  }
  compiled.group();
  return fingerprints;
}

std::optional<Match> Fingerprints::match(Protocol protocol, Field field,
                                         std::string_view text) const {
  return compiled_->first(protocol, field, text, static_cast<size_t>(-1));
}

void Fingerprints::try_examples(Diagnostics& diagnostics) const {
  for (size_t i = 0; i < compiled_->rows.size(); ++i) {
    const Fingerprint& row = compiled_->rows[i];
    for (const Fingerprint::Example& example : row.examples)
      compiled_->try_example(i, example, diagnostics);
    for (const Fingerprint::Example& example : row.counterexamples)
      if (compiled_->patterns[i].search(example.text))
        complain(example.place, fmt::format("must not match {}, and does", row.id), diagnostics);
  }
}

std::span<const Fingerprint> Fingerprints::all() const { return compiled_->rows; }

}  // namespace tapwarden
