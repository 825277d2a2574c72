// SPDX-License-Identifier: Apache-2.0
// What nobody takes: a file of records, each with the reason, for a person to read.
#pragma once

#include <filesystem>
#include <string_view>

#include "deliver/record.hpp"

namespace tapwarden {

inline constexpr size_t set_aside_max = 16 << 20;  ///< octets at which the file is begun anew

/// Adds a line to `set-aside.jsonl` in the directory. False where the disk refuses it.
bool keep_set_aside(const std::filesystem::path& directory, const Record& record,
                    std::string_view error);

}  // namespace tapwarden
