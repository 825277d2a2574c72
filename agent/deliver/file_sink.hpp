// SPDX-License-Identifier: Apache-2.0
// Files that records go to: a log that is appended to and can be reopened after rotation, and a
// snapshot that is there whole or not at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "deliver/record.hpp"

namespace tapwarden {

/// Appends one line for each record and never waits for whoever reads. A write that fails is
/// counted, and tried again with the next record and by retry(): the file is then opened anew, and
/// lines that could not be written are kept, up to `kept_max`, oldest given up first.
class FileSink {
 public:
  static constexpr size_t kept_max =
      4 << 20;  ///< octets of lines kept while the file cannot be written

  /// Throws std::system_error when the file cannot be opened for appending. "-" is standard output.
  explicit FileSink(std::string path);
  ~FileSink();
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  void write(const Record& record);
  /// Tries to write what was kept.
  void retry();
  /// Closes and opens the file by its name again, as after a rotation (SIGHUP). False, and the old
  /// file stays, when that fails.
  bool reopen();

  const std::string& path() const { return path_; }
  bool is_behind() const { return !kept_.empty(); }    ///< lines are kept that are not written
  const std::string& error() const { return error_; }  ///< why the last write failed
  uint64_t failures() const { return failures_; }      ///< writes that failed
  uint64_t lost() const { return lost_; }              ///< records given up for want of room

 private:
  bool flush();

  std::string path_;
  int descriptor_ = -1;
  std::string kept_;
  bool is_begun_ = false;  // the first line of what is kept is partly out
  std::string error_;
  uint64_t failures_ = 0;
  uint64_t lost_ = 0;
};

/// Writes the whole text beside `path`, syncs it, and gives it the name: a reader sees the old file
/// or the new. Throws std::system_error.
void write_whole(const std::string& path, std::string_view text);

}  // namespace tapwarden
