// SPDX-License-Identifier: Apache-2.0
// Orphans: spools in which records wait that no output brings any more, since it was renamed or
// taken out of the configuration.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace tapwarden {

struct Orphan {
  std::string name;
  std::filesystem::path directory;
  size_t waiting = 0;
  std::optional<Timestamp> oldest;
  std::string error;  ///< where it cannot be read
};

/// Those in the directory of all spools, by name, but for the names of outputs.
std::vector<Orphan> find_orphans(const std::filesystem::path& spools,
                                 const std::set<std::string>& outputs);

}  // namespace tapwarden
