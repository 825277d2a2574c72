// SPDX-License-Identifier: Apache-2.0
// A file of fingerprints in the XML form of rapid7's Recog, as values with their places: the only
// door to pugixml. It knows no supplier and tries no pattern.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostics.hpp"
#include "identify/fingerprints.hpp"

namespace tapwarden {

/// What a match says: a value of its own, in which {name} stands for another parameter's, or what a
/// group of the pattern captured.
struct RecogParameter {
  std::string name;  ///< as in "hw.vendor"
  size_t group = 0;  ///< 0 for a value of its own
  std::string value;
};

struct RecogExample {
  std::string text;  ///< decoded; whole octets as a service would send them
  std::vector<std::pair<std::string, std::string>> expected;  ///< parameters and their values
  RulePlace place;
};

struct RecogEntry {
  std::string pattern;
  std::string flags;     ///< names with commas between them
  double certainty = 1;  ///< its author's, 0 to 1
  std::vector<RecogParameter> parameters;
  std::vector<RecogExample> examples;
  RulePlace place;

  const RecogParameter* find(std::string_view name) const;
};

struct RecogFile {
  static constexpr size_t size_max = 16 << 20;

  std::string matches;  ///< what its patterns are for; the file's name where it does not say
  std::vector<RecogEntry> entries;
};

/// Every mistake is told; an entry with one is left out.
RecogFile read_recog_file(const std::filesystem::path& file, Diagnostics& diagnostics);

}  // namespace tapwarden
