// SPDX-License-Identifier: Apache-2.0
// A file for one test, gone when the test is.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace tapwarden::test {

class TemporaryFile {
 public:
  TemporaryFile(std::string_view name, std::string_view text) {
    static std::atomic<unsigned> count = 0;
    directory_ = std::filesystem::temp_directory_path() /
                 ("tapwarden-test-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directory(directory_);
    path_ = directory_ / name;
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path directory_;
  std::filesystem::path path_;
};

}  // namespace tapwarden::test
