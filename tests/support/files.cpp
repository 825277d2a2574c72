// SPDX-License-Identifier: Apache-2.0
#include "support/files.hpp"

#include <stdlib.h>

#include <fstream>
#include <stdexcept>

namespace tapwarden::test {

Directory::Directory() {
  std::string name = (std::filesystem::temp_directory_path() / "tapwarden-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no directory for a test");
  path_ = name;
}

Directory::~Directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path Directory::write(const std::string& name, std::string_view text) const {
  std::filesystem::path file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

Lines told(const Diagnostics& diagnostics) {
  Lines lines;
  for (Diagnostic diagnostic : diagnostics.all()) {
    diagnostic.file = std::filesystem::path(diagnostic.file).filename().string();
    lines.push_back(diagnostic.text());
  }
  return lines;
}

std::filesystem::path rules_directory() {
  return std::filesystem::path(SOURCE_DIRECTORY) / "rules";
}

}  // namespace tapwarden::test
