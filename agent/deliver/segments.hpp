// SPDX-License-Identifier: Apache-2.0
// Segments: those of one directory, in order, within a bound of octets. When it is reached the room
// of what is done is had back first, then inventory records go, then the oldest of the others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>

#include "deliver/forcer.hpp"
#include "deliver/segment.hpp"
#include "deliver/spool.hpp"

namespace tapwarden {

class Segments {
 public:
  /// Reads what is in the directory. Throws std::system_error.
  Segments(std::filesystem::path directory, const SpoolSettings& settings,
           std::shared_ptr<Forcer> forcer);
  ~Segments();
  Segments(const Segments&) = delete;
  Segments& operator=(const Segments&) = delete;

  /// Room for so many octets, by giving up other records where need be; false where there is none.
  bool make_room(size_t need, bool is_inventory);
  /// The one to append to, with room for so many octets as far as a segment goes. Null where the
  /// disk refuses a new one.
  Segment* to_append(size_t need);
  bool append(Segment& segment, std::string_view packed, bool is_inventory);
  void begin_anew();  ///< what is appended next has a segment of its own
  /// What was appended last is to be on the disk by the end of the round.
  void want_force();
  void write_done();  ///< which of them are

  Segment* find(uint32_t number);
  /// The first from that number on; null where there is none.
  Segment* from(uint32_t number);
  /// The reader of this segment, at or before that index. Throws std::system_error.
  SegmentReader& reader(const Segment& segment, uint32_t index);
  void forget_reader() { reader_.reset(); }

  void finish(Segment& segment, uint32_t index);
  /// Those from `from` to before `end` that wait are not to be found any more: damaged.
  void lose(Segment& segment, uint32_t from, uint32_t end);
  /// Somebody took its file away; those before `from` are in somebody's memory.
  void lose_file(Segment& segment, uint32_t from);
  /// Removes the segment where nothing of it waits.
  void settle(uint32_t number);

  uint64_t size() const { return size_; }
  size_t waiting() const { return waiting_; }

  Spool::Counters counts() const;

  Spool::Counters counters;  ///< without what the forcer counts

 private:
  template <typename Change>
  auto change(Segment& segment, Change what);
  void load();
  bool begin_segment();
  void close_active();
  void remove(uint32_t number);
  bool rewrite(Segment& segment, bool with_inventory);
  void reclaim(size_t need);
  void drop_inventory(size_t need);
  void drop_oldest(size_t need);
  bool has_room(size_t need) const { return claimed_ + need <= settings_.size_max; }
  void write_finished();

  std::filesystem::path directory_;
  SpoolSettings settings_;
  size_t segment_size_ = 0;
  std::map<uint32_t, Segment> segments_;
  Segment* active_ = nullptr;  // the one that is appended to
  uint32_t next_number_ = 1;
  uint64_t size_ = 0;
  uint64_t claimed_ = 0;
  size_t waiting_ = 0;
  std::shared_ptr<Forcer> forcer_;
  Forcer::Failures refused_ = std::make_shared<std::atomic<uint64_t>>();  // by the disk, there
  bool is_listed_ = true;  // in the directory as the disk has it: the one that is appended to
  size_t finished_ = 0;    // not written yet, at most
  std::optional<SegmentReader> reader_;
};

}  // namespace tapwarden
