// SPDX-License-Identifier: Apache-2.0
// Fingerprints: patterns over what a protocol's field says, and what they tell of the device.
// Matching takes time linear in the text (RE2), since the text comes from the wire.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/protocol.hpp"
#include "identify/claim.hpp"
#include "identify/suppliers.hpp"

namespace tapwarden {

/// Where a row or an example stands, for mistakes that show only when it is tried.
struct RulePlace {
  std::string file;
  size_t line = 0;
  size_t column = 0;
  std::string path;
};

struct Fingerprint {
  /// A text that must match, and what must be captured from it.
  struct Example {
    std::string text;
    std::optional<std::string> brand;
    std::optional<std::string> model;
    std::optional<std::string> software;
    RulePlace place;
  };

  std::string id;
  Protocol protocol = Protocol::ethernet;
  Field field = Field::sighting;
  std::string pattern;
  std::string supplier;  ///< empty for a row that only keeps a text from the rows below it
  Aspect aspect = Aspect::platform;
  std::string brand;  ///< literal, or with \1 to \9 from the pattern; so are the next two
  std::string model;
  std::string software;
  Certainty certainty = Certainty::low;
  std::string source;
  std::vector<Example> examples;
  std::vector<Example> counterexamples;
  size_t directory = 0;  ///< which of the directories it came from
};

/// A text that a row matched. The row lives as long as its Fingerprints do.
struct Match {
  const Fingerprint* row = nullptr;
  std::string brand;
  std::string model;
  std::string software;
};

class Fingerprints {
 public:
  static constexpr size_t rows_max = 50'000;

  Fingerprints();
  Fingerprints(Fingerprints&&) noexcept;
  Fingerprints& operator=(Fingerprints&&) noexcept;
  ~Fingerprints();

  /// Reads *.yaml of each directory. The rows of a later directory are asked before those of an
  /// earlier one, so that an operator's rows can overrule ours.
  static Fingerprints load(std::span<const std::filesystem::path> directories,
                           const Suppliers& suppliers, Diagnostics& diagnostics);

  /// The first row that matches.
  std::optional<Match> match(Protocol protocol, Field field, std::string_view text) const;

  /// Every example must match, and its row must win over those of its own directory and of earlier
  /// ones; no counterexample may match its row.
  void try_examples(Diagnostics& diagnostics) const;

  std::span<const Fingerprint> all() const;
  size_t size() const { return all().size(); }

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace tapwarden
