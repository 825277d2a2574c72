// SPDX-License-Identifier: Apache-2.0
// Reading fingerprints out of rule files, each checked as it is read: a row with a mistake is told
// and left out.
#pragma once

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "identify/fingerprints.hpp"
#include "identify/pattern.hpp"
#include "yaml/yaml.hpp"

namespace tapwarden {

struct ReadFingerprint {
  Fingerprint row;
  Pattern pattern;
};

class FingerprintReader {
 public:
  FingerprintReader(const Suppliers& suppliers, Diagnostics& diagnostics)
      : suppliers_(suppliers), diagnostics_(diagnostics) {}

  void read(const std::filesystem::path& file, size_t directory);
  /// All good rows in the order in which they were read.
  std::vector<ReadFingerprint> take() { return std::move(rows_); }

 private:
  void read_row(const yaml::Node& node, Protocol protocol, size_t directory);
  bool read_id(const yaml::Node& node, Fingerprint& row);
  bool read_supplier(const yaml::Node& node, Fingerprint& row) const;

  const Suppliers& suppliers_;
  Diagnostics& diagnostics_;
  std::set<std::string> ids_;
  std::vector<ReadFingerprint> rows_;
};

}  // namespace tapwarden
