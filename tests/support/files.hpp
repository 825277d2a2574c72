// SPDX-License-Identifier: Apache-2.0
// A directory of a test's own, gone when the test is; and diagnostics as lines.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"

namespace tapwarden::test {

class Directory {
 public:
  Directory();
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Writes a file below the directory and gives its path.
  std::filesystem::path write(const std::string& name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

/// Each mistake as told, with only the file's name of its path.
std::vector<std::string> told(const Diagnostics& diagnostics);

using Lines = std::vector<std::string>;

/// The rules that ship with Tapwarden.
std::filesystem::path rules_directory();

}  // namespace tapwarden::test
