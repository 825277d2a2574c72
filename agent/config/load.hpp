// SPDX-License-Identifier: Apache-2.0
// The configuration file, read and checked.
#pragma once

#include <filesystem>
#include <string_view>

#include "config/settings.hpp"
#include "core/diagnostics.hpp"

namespace tapwarden::config {

/// Whatever is wrong is in `diagnostics`, in the file's order, and left at its default, so that the
/// rest can be checked too. An empty file gives the defaults.
Settings load(const std::filesystem::path& file, Diagnostics& diagnostics);

/// Complains about element `index` of the list at the top-level key, at its place in the file that
/// was loaded: for mistakes that show only when the rules are there.
void complain(const std::filesystem::path& file, std::string_view key, size_t index,
              std::string_view message, Diagnostics& diagnostics);
/// The same of an option in a section: for what only the machine can tell.
void complain(const std::filesystem::path& file, std::string_view section, std::string_view option,
              std::string_view message, Diagnostics& diagnostics);

}  // namespace tapwarden::config
