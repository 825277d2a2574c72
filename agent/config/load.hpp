// SPDX-License-Identifier: Apache-2.0
// The configuration file, read and checked.
#pragma once

#include <filesystem>
#include <optional>

#include "config/settings.hpp"
#include "core/diagnostics.hpp"

namespace tapwarden::config {

/// Nothing when anything is wrong: all of it is in `diagnostics` then, in the file's order. An
/// empty file gives the defaults.
std::optional<Settings> load(const std::filesystem::path& file, Diagnostics& diagnostics);

}  // namespace tapwarden::config
