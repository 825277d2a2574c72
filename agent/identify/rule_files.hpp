// SPDX-License-Identifier: Apache-2.0
// The files of a rules directory, in the order in which they count, and how a mistake in them shows
// their texts.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"

namespace tapwarden {

inline constexpr size_t rule_files_max = 10'000;

/// Every file with that extension directly in `directory`, by name; hidden ones are passed over. A
/// directory that cannot be read is a diagnostic.
std::vector<std::filesystem::path> rule_files(const std::filesystem::path& directory,
                                              Diagnostics& diagnostics,
                                              std::string_view extension = ".yaml");

/// Cleaned and cut, for messages; in_quotes() puts it in double quotes.
std::string shown(std::string_view text);
std::string in_quotes(std::string_view text);

}  // namespace tapwarden
