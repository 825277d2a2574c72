// SPDX-License-Identifier: Apache-2.0
#include "deliver/orphans.hpp"

#include <algorithm>
#include <exception>
#include <system_error>

#include "deliver/spool.hpp"

namespace tapwarden {

namespace {

namespace fs = std::filesystem;

/// A directory that is no spool is not made one by looking.
bool has_segments(const fs::path& directory) {
  std::error_code none;
  return std::ranges::any_of(fs::directory_iterator(directory, none),
                             [](const auto& entry) { return entry.path().extension() == ".seg"; });
}

Orphan look(const fs::path& directory) {
  Orphan orphan{directory.filename().string(), directory, 0, {}, {}};
  try {
    Spool spool(directory, {});
    orphan.waiting = spool.waiting();
    orphan.oldest = spool.oldest();
  } catch (const std::exception& error) {
    orphan.error = error.what();
  }
  return orphan;
}

}  // namespace

std::vector<Orphan> find_orphans(const fs::path& spools, const std::set<std::string>& outputs) {
  std::vector<Orphan> orphans;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(spools, none)) {
    if (outputs.contains(entry.path().filename().string()) || !entry.is_directory(none) ||
        !has_segments(entry.path()))
      continue;
    Orphan orphan = look(entry.path());
    if (orphan.waiting != 0 || !orphan.error.empty()) orphans.push_back(std::move(orphan));
  }
  std::ranges::sort(orphans, {}, &Orphan::name);
  return orphans;
}

}  // namespace tapwarden
