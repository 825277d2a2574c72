// SPDX-License-Identifier: Apache-2.0
// Directories for what is known of a network: made so that not everybody can look into them.
#pragma once

#include <filesystem>
#include <vector>

namespace tapwarden {

/// Makes the directory, and what is missing above it, with mode 0750 or less, as the umask has it;
/// what exists stays as it is. Gives those that it made, the outermost first; throws
/// std::system_error.
std::vector<std::filesystem::path> make_directories(const std::filesystem::path& directory);

}  // namespace tapwarden
