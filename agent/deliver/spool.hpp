// SPDX-License-Identifier: Apache-2.0
// Spool: records of one output that wait on disk, in segments with a checksum for each record. What
// was appended is there after a crash of the agent; after a power cut what was synced is. Memory
// takes two bits for each record that waits, whatever its size.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deliver/forcer.hpp"
#include "deliver/record.hpp"

namespace tapwarden {

struct SpoolSettings {
  /// What is given to the forcer, to be on the disk before the state says that it was told.
  enum class Sync : uint8_t {
    never,   ///< nothing, the system writes in its own time: a crash of the agent loses nothing, a
             ///< power cut its last half minute
    alerts,  ///< all but inventory records
    always,  ///< every record
  };

  size_t size_max = 256 << 20;    ///< octets on disk, 1 MiB to 1 TiB; for moments one segment more
  size_t segment_size = 8 << 20;  ///< octets at which a segment is closed, an eighth of size_max at
                                  ///< most
  Sync sync = Sync::alerts;

  bool operator==(const SpoolSettings&) const = default;
};

/// Where a record stands: it grows with each append and is not used again.
using SpoolPosition = uint64_t;

class Spool {
 public:
  struct Counters {
    uint64_t appended = 0;
    uint64_t dropped_devices = 0;  ///< inventory records given up for want of room
    uint64_t dropped_alerts =
        0;                  ///< everything else given up: only when no inventory record is left
    uint64_t damaged = 0;   ///< records, or ends of segments, whose checksum is wrong
    uint64_t failures = 0;  ///< writes that the disk refused
  };
  struct Entry {
    SpoolPosition position = 0;
    Record record;
  };

  /// Opens or makes the directory and reads what an earlier run left: a torn end is cut off and
  /// counted. Throws std::system_error where the directory cannot be used, std::runtime_error where
  /// another process has it.
  Spool(std::filesystem::path directory, const SpoolSettings& settings,
        std::shared_ptr<Forcer> forcer = std::make_shared<Forcer>());
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Nothing where the disk refuses it (counted): the caller keeps the record. When the spool is
  /// full the oldest inventory records make room, those of one segment at a time, and only then
  /// the oldest of the others, by whole segments. An inventory record that only others could make
  /// room for is itself given up: its position is one that no longer waits. A directory that
  /// somebody took away is made again.
  std::optional<SpoolPosition> append(const Record& record);
  /// The records after that position that are not done yet, oldest first.
  std::vector<Entry> read(SpoolPosition after, size_t records_max, size_t size_max);
  bool waits(SpoolPosition position) const;  ///< not done, nor dropped
  /// This record needs no more delivery. Segments that hold none that does are removed; the newest
  /// stays, empty. That it is done is written with the next write_done() or a few hundred: a crash
  /// before that has it read again.
  void done(SpoolPosition position);
  void write_done();
  /// Keeps the record and why nobody takes it in the directory's `set-aside.jsonl`, then as done().
  /// At 16 MiB that file is moved to `set-aside.old.jsonl`, which is then given up. False where the
  /// disk refuses it (counted): the record waits on.
  bool set_aside(const Entry& entry, std::string_view error);

  size_t waiting() const;                   ///< records
  size_t size() const;                      ///< octets on disk
  std::optional<Timestamp> oldest() const;  ///< time of the oldest record that waits
  Counters counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapwarden
