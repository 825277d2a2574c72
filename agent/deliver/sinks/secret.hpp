// SPDX-License-Identifier: Apache-2.0
// Secret: a password or token of an output, and where it stands.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tapwarden {

/// A text of the settings, or the first line of a file that is read at the beginning and with each
/// reopen().
struct Secret {
  std::string text;
  std::filesystem::path file;  ///< instead of the text

  bool empty() const { return text.empty() && file.empty(); }
  bool operator==(const Secret&) const = default;
};

/// Throws std::invalid_argument where it stands in both; `name` is what the settings call it.
void check_secret(const Secret& secret, std::string_view name);
/// Throws std::runtime_error naming the file.
std::string read_secret(const Secret& secret);

}  // namespace tapwarden
