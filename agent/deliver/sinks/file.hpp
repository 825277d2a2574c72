// SPDX-License-Identifier: Apache-2.0
// File: one line for each message, appended to a file, a named pipe or standard output.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "deliver/sink.hpp"
#include "deliver/sinks/rotation.hpp"
#include "deliver/spool.hpp"

namespace tapwarden {

struct FileSettings {
  std::string path = "-";           ///< "-" is standard output
  uint64_t size_max = 100 << 20;    ///< octets at which it is rotated, 4 KiB to 1 TiB; 0: never
  std::chrono::seconds age_max{0};  ///< since its first line, 1 minute to 10 years; 0: never; an
                                    ///< old file is rotated when the next message comes; one that
                                    ///< has lines at the start counts from when it was made
  unsigned keep = 10;               ///< rotated files, 0 to 10000
  FileCompression compression = FileCompression::zstd;          ///< of rotated files
  SpoolSettings::Sync sync = SpoolSettings::Sync::alerts;       ///< as the spool before it
  std::chrono::milliseconds timeout = std::chrono::seconds(5);  ///< for the reader of a pipe to
                                                                ///< read on; 10 ms to 5 minutes

  bool operator==(const FileSettings&) const = default;
};

/// Delivered means written and, as `sync` says, forced to the disk, on a thread of its own: a power
/// cut loses nothing of that. A file that somebody moved away or removed is made anew with the next
/// message; where that fails, and where it cannot be rotated, the old one is written on. Of a line
/// that found no room in a file nothing stays; a line half in a pipe is finished first, whatever
/// comes after. One process and one output to a file. Throws std::system_error where the file
/// cannot be opened; a pipe may wait for its reader. SIGPIPE must be ignored by the process.
std::unique_ptr<Sink> file_sink(boost::asio::any_io_executor loop, FileSettings settings);

}  // namespace tapwarden
