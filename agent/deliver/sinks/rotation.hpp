// SPDX-License-Identifier: Apache-2.0
// What becomes of a log file that has grown enough: it is numbered, compressed, and one day
// removed. alerts.json becomes alerts.json.17, then alerts.json.17.zst; the highest is the newest.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace tapwarden {

enum class FileCompression : uint8_t { none, gzip, zstd };

struct RotatedFile {
  uint64_t number = 0;
  std::filesystem::path path;
  bool is_compressed = false;

  bool operator==(const RotatedFile&) const = default;
};

/// Oldest first. Files that merely resemble them are left out.
std::vector<RotatedFile> rotated_files(const std::filesystem::path& path);

/// Gives the file the next number. Throws std::system_error.
void rotate(const std::filesystem::path& path);

/// Removes all but the newest `keep` and compresses those of them that are not yet. A file is there
/// whole under one name or the other, whenever this is cut off. Throws std::system_error.
void tidy(const std::filesystem::path& path, unsigned keep, FileCompression compression,
          const std::stop_token& stop);

/// Tidies on a thread of its own, so that no loop waits for a disk. What fails is tried again with
/// the next call. Its end waits for a block of the file that is under way, not for the file.
class Tidier {
 public:
  Tidier(std::filesystem::path path, unsigned keep, FileCompression compression);

  void wake();

 private:
  void run(const std::stop_token& stop);

  std::filesystem::path path_;
  unsigned keep_;
  FileCompression compression_;
  std::mutex mutex_;
  std::condition_variable_any wanted_;
  bool is_wanted_ = false;
  std::jthread thread_;  // last: it is joined before the rest goes
};

}  // namespace tapwarden
