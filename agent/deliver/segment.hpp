// SPDX-License-Identifier: Apache-2.0
// Segment: one file of a spool, record behind record, each with its own checksums so that damage to
// one hides no other; and beside it a file that says which of them are done.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deliver/open_file.hpp"
#include "deliver/record.hpp"

namespace tapwarden {

constexpr bool is_inventory(RecordKind kind) {
  return kind == RecordKind::device || kind == RecordKind::summary;
}

size_t packed_size(const Record& record);
/// As it stands in the file. The place is part of the checksums: octets that a disk brings back
/// from another place are not taken for this record.
std::string packed(const Record& record, uint32_t segment, uint32_t index);

/// Reads a segment's file from its front. What is damaged is counted and skipped: a body whose
/// checksum is wrong by its length, and where the length itself is not to be trusted up to the next
/// record that is whole.
class SegmentReader {
 public:
  struct Found {
    uint32_t index = 0;
    uint64_t offset = 0;
    size_t size = 0;
    std::string_view body;  ///< good until next() is called again

    bool is_inventory() const;
    Record record() const;
  };

  /// Reads up to `end`. Throws std::system_error where the file cannot be opened.
  SegmentReader(const std::filesystem::path& file, uint32_t segment, uint64_t end);

  std::optional<Found> next();
  /// next() gives this one again.
  void back(const Found& found);
  void extend(uint64_t end) { end_ = end; }  ///< the file has grown

  uint32_t segment() const { return segment_; }
  uint32_t next_index() const { return next_index_; }  ///< all below are behind us
  uint64_t healthy_end() const { return healthy_end_; }
  uint64_t damaged() const { return damaged_; }
  bool failed() const { return failed_; }  ///< the disk did not give what it has

 private:
  std::string_view view(uint64_t offset, size_t size);
  std::optional<Found> whole_at(uint64_t offset);
  void seek_marker();

  OpenFile file_;
  uint32_t segment_ = 0;
  uint64_t end_ = 0;
  uint64_t offset_ = 0;
  uint64_t healthy_end_ = 0;
  uint64_t skip_ = 0;  // end of a damaged record whose head is sound
  uint32_t next_index_ = 0;
  uint64_t damaged_ = 0;
  bool in_gap_ = false;
  bool failed_ = false;
  std::string buffer_;
  uint64_t buffer_offset_ = 0;
};

/// In memory two bits for each of its records. Members that give a bool give false where the disk
/// refuses.
class Segment {
 public:
  static constexpr uint32_t records_max = 1 << 26;
  static constexpr size_t done_entry_size = 12;

  Segment(const std::filesystem::path& directory, uint32_t number);

  /// Reads what an earlier run left and cuts a torn end off; how much is damaged. Throws
  /// std::system_error.
  uint64_t load();
  bool create();
  /// At the end, under next_index(); all or nothing.
  bool append(std::string_view packed, bool is_inventory);
  /// An index that no record will have.
  uint32_t skip();
  /// What is appended to; null where nothing is.
  std::shared_ptr<const OpenFile> open() const { return open_; }
  void close() { open_.reset(); }  ///< nothing will be appended

  /// False where it did not wait.
  bool finish(uint32_t index);
  bool has_unwritten() const { return !unwritten_.empty(); }
  bool write_finished();
  /// Leaves only what waits, and of that no inventory record unless it is wanted. The others keep
  /// their indices.
  bool rewrite(bool with_inventory, bool force);
  void clear();   ///< no record any more, but the file stays for its name
  void remove();  ///< nor a file

  uint32_t number() const { return number_; }
  const std::filesystem::path& file() const { return file_; }
  uint64_t size() const { return size_ + done_size_; }
  uint64_t records_size() const { return size_; }
  /// What it may grow to when its records are done one by one.
  uint64_t claimed() const { return size_ + held_ * done_entry_size; }
  uint32_t next_index() const { return static_cast<uint32_t>(waits_.size()); }
  bool waits(uint32_t index) const { return index < waits_.size() && waits_[index]; }
  uint32_t first_waiting(uint32_t from) const;  ///< next_index() where there is none
  size_t waiting() const { return waiting_; }
  size_t waiting_inventory() const { return waiting_inventory_; }
  size_t held() const { return held_; }  ///< records in the file, done or not

 private:
  struct Range {
    uint32_t begin = 0;
    uint32_t count = 0;
  };
  void add(uint32_t index, bool is_inventory);
  void load_finished();
  void forget();

  std::filesystem::path file_;
  std::filesystem::path done_file_;
  uint32_t number_ = 0;
  std::shared_ptr<OpenFile> open_;
  uint64_t size_ = 0;
  uint64_t done_size_ = 0;
  std::vector<bool> waits_;
  std::vector<bool> inventory_;
  size_t waiting_ = 0;
  size_t waiting_inventory_ = 0;
  size_t held_ = 0;
  std::vector<Range> unwritten_;
};

}  // namespace tapwarden
