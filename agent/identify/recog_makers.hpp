// SPDX-License-Identifier: Apache-2.0
// Whom Recog means by the makers it names: the table in rules/recog.yaml.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/diagnostics.hpp"
#include "identify/claim.hpp"
#include "identify/suppliers.hpp"

namespace tapwarden {

struct RecogMaker {
  std::string supplier;
  Aspect aspect = Aspect::platform;
  /// Its system runs on its own devices alone: who made the system made the device.
  bool makes_system = false;
};

class RecogMakers {
 public:
  /// Files that do not exist are passed over. A name in a later file replaces that of an earlier
  /// one.
  static RecogMakers load(std::span<const std::filesystem::path> files, const Suppliers& suppliers,
                          Diagnostics& diagnostics);

  /// Names are compared whole and folded.
  const RecogMaker* find(std::string_view name) const;
  size_t size() const { return makers_.size(); }

 private:
  std::unordered_map<std::string, RecogMaker> makers_;
};

}  // namespace tapwarden
