// SPDX-License-Identifier: Apache-2.0
#include "identify/rule_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"

namespace tapwarden {

std::vector<std::filesystem::path> rule_files(const std::filesystem::path& directory,
                                              Diagnostics& diagnostics,
                                              std::string_view extension) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::filesystem::path& file = entry->path();
    std::error_code ignored;
    if (file.extension() != extension || file.filename().string().starts_with('.') ||
        !entry->is_regular_file(ignored))
      continue;
    if (files.size() == rule_files_max) {
      diagnostics.add(directory.string(), 0, 0, fmt::format("more than {} files", rule_files_max));
      break;
    }
    files.push_back(file);
  }
  if (error)
    diagnostics.add(directory.string(), 0, 0, fmt::format("cannot be read: {}", error.message()));
  std::ranges::sort(files);
  return files;
}

std::string shown(std::string_view text) {
  char cleaned[200];
  Cleaned result = clean(text, cleaned, sizeof cleaned);
  return std::string(cleaned, result.size) + (result.cut ? "..." : "");
}

std::string in_quotes(std::string_view text) { return '"' + shown(text) + '"'; }

}  // namespace tapwarden
