// SPDX-License-Identifier: Apache-2.0
#include "deliver/segments.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace tapwarden {

namespace {

namespace fs = std::filesystem;

constexpr size_t kRetiredSize = 64 << 10;  // a segment of which all is done is begun anew from here
constexpr size_t kFinishedMax = 512;       // that are not written yet

/// Of a file name like 00000017.seg; 0 is none.
uint32_t number_in(const fs::path& file) {
  std::string name = file.stem().string();
  uint32_t number = 0;
  auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? number : 0;
}

}  // namespace

Segments::Segments(fs::path directory, const SpoolSettings& settings,
                   std::shared_ptr<Forcer> forcer)
    : directory_(std::move(directory)),
      settings_(settings),
      segment_size_(std::max<size_t>(1, std::min(settings.segment_size, settings.size_max / 8))),
      forcer_(std::move(forcer)) {
  load();
}

Segments::~Segments() {
  write_finished();
  forcer_->force();
  if (active_ == nullptr || active_->waiting() != 0) return;
  close_active();
  segments_.rbegin()->second.clear();
}

/// Does it to the segment and keeps the sums right.
template <typename Change>
auto Segments::change(Segment& segment, Change what) {
  size_ -= segment.size();
  claimed_ -= segment.claimed();
  waiting_ -= segment.waiting();
  auto result = what();
  size_ += segment.size();
  claimed_ += segment.claimed();
  waiting_ += segment.waiting();
  return result;
}

void Segments::load() {
  std::vector<uint32_t> numbers;
  for (const auto& entry : fs::directory_iterator(directory_)) {
    fs::path file = entry.path();
    uint32_t number = number_in(file);
    if (number == 0) continue;
    if (file.extension() == ".seg") numbers.push_back(number);
    fs::path segment = file;
    std::error_code none;
    if (file.extension() == ".new" ||
        (file.extension() == ".done" && !fs::exists(segment.replace_extension(".seg"))))
      fs::remove(file, none);
  }
  for (uint32_t number : numbers) {
    Segment& segment = segments_.try_emplace(number, directory_, number).first->second;
    counters.damaged += change(segment, [&] { return segment.load(); });
    next_number_ = std::max(next_number_, number + 1);
  }
  for (uint32_t number : numbers) settle(number);
}

/// The newest leaves an empty file: its name says which positions were used.
void Segments::settle(uint32_t number) {
  Segment& segment = segments_.at(number);
  if (segment.waiting() != 0) return;
  if (&segment == active_) {
    if (segment.records_size() < std::min(kRetiredSize, segment_size_)) return;
    close_active();
  }
  if (number + 1 < next_number_) return remove(number);
  if (reader_ && reader_->segment() == number) reader_.reset();
  change(segment, [&] { return segment.clear(), 0; });
}

void Segments::remove(uint32_t number) {
  Segment& segment = segments_.at(number);
  if (&segment == active_) active_ = nullptr;
  if (reader_ && reader_->segment() == number) reader_.reset();
  change(segment, [&] { return segment.remove(), 0; });
  segments_.erase(number);
}

void Segments::close_active() {
  if (active_ == nullptr) return;
  active_->close();
  active_ = nullptr;
}

void Segments::begin_anew() {
  close_active();
  reader_.reset();
}

bool Segments::begin_segment() {
  close_active();
  uint32_t number = next_number_;
  Segment& segment = segments_.try_emplace(number, directory_, number).first->second;
  if (!segment.create()) {
    segments_.erase(number);
    return false;
  }
  ++next_number_;
  is_listed_ = false;
  active_ = &segment;
  if (auto before = segments_.find(number); before != segments_.begin()) {
    if ((--before)->second.waiting() == 0) remove(before->first);
  }
  return true;
}

bool Segments::rewrite(Segment& segment, bool with_inventory) {
  if (&segment == active_) close_active();
  if (reader_ && reader_->segment() == segment.number()) reader_.reset();
  size_t expected = segment.waiting() - (with_inventory ? 0 : segment.waiting_inventory());
  bool rewritten = change(segment, [&] {
    try {
      return segment.rewrite(with_inventory, settings_.sync != SpoolSettings::Sync::never);
    } catch (const std::system_error&) {
      return false;
    }
  });
  if (rewritten) counters.damaged += expected - segment.waiting();
  if (!rewritten) ++counters.failures;
  return rewritten;
}

/// Room that costs no record: segments that are done to a quarter or more are written anew.
void Segments::reclaim(size_t need) {
  for (auto at = segments_.begin(); at != segments_.end() && !has_room(need);) {
    Segment& segment = (at++)->second;
    size_t done = segment.held() - segment.waiting();
    if (done != 0 && done >= segment.held() / 4 && rewrite(segment, true)) settle(segment.number());
  }
}

/// A quarter of a segment at least, so that not each append writes one anew.
void Segments::drop_inventory(size_t need) {
  uint64_t goal = claimed_ - std::min<uint64_t>(claimed_, std::max(need, segment_size_ / 4));
  for (auto at = segments_.begin(); at != segments_.end() && claimed_ > goal;) {
    Segment& segment = (at++)->second;
    size_t dropped = segment.waiting_inventory();
    if (dropped == 0) continue;
    bool is_mixed = dropped != segment.waiting();
    if (is_mixed && !rewrite(segment, false)) continue;
    counters.dropped_devices += dropped;
    if (!is_mixed || segment.waiting() == 0) remove(segment.number());
  }
}

void Segments::drop_oldest(size_t need) {
  while (!has_room(need) && !segments_.empty()) {
    Segment& oldest_segment = segments_.begin()->second;
    counters.dropped_devices += oldest_segment.waiting_inventory();
    counters.dropped_alerts += oldest_segment.waiting() - oldest_segment.waiting_inventory();
    remove(oldest_segment.number());
  }
}

bool Segments::make_room(size_t need, bool is_inventory) {
  if (has_room(need)) return true;
  write_finished();
  reclaim(need);
  if (!has_room(need)) drop_inventory(need);
  if (!has_room(need) && !is_inventory) drop_oldest(need);
  return has_room(need);
}

void Segments::finish(Segment& segment, uint32_t index) {
  if (!change(segment, [&] { return segment.finish(index); })) return;
  if (++finished_ >= kFinishedMax) write_finished();
  settle(segment.number());
}

void Segments::write_finished() {
  finished_ = 0;
  for (auto& [number, segment] : segments_) {
    if (!segment.has_unwritten()) continue;
    if (!change(segment, [&] { return segment.write_finished(); })) ++counters.failures;
  }
}

void Segments::lose(Segment& segment, uint32_t from, uint32_t end) {
  for (uint32_t i = segment.first_waiting(from); i < end; i = segment.first_waiting(i + 1)) {
    change(segment, [&] { return segment.finish(i); });
    ++counters.damaged;
  }
}

void Segments::lose_file(Segment& segment, uint32_t from) {
  if (&segment == active_) close_active();
  lose(segment, from, segment.next_index());
}

Segment* Segments::to_append(size_t need) {
  bool is_full = active_ == nullptr || active_->next_index() >= Segment::records_max ||
                 (active_->records_size() != 0 && active_->claimed() + need > segment_size_);
  return !is_full || begin_segment() ? active_ : nullptr;
}

bool Segments::append(Segment& segment, std::string_view packed, bool is_inventory) {
  return change(segment, [&] { return segment.append(packed, is_inventory); });
}

void Segments::write_done() {
  if (finished_ != 0) write_finished();
}

void Segments::want_force() {
  forcer_->add(active_->open(), refused_);
  if (is_listed_) return;
  auto directory =
      std::make_shared<OpenFile>(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  is_listed_ = static_cast<bool>(*directory);
  if (is_listed_)
    forcer_->add(std::move(directory), refused_, true);
  else
    ++counters.failures;  // the next one asks again
}

Spool::Counters Segments::counts() const {
  Spool::Counters counts = counters;
  counts.failures += *refused_;
  return counts;
}

Segment* Segments::find(uint32_t number) {
  auto found = segments_.find(number);
  return found == segments_.end() ? nullptr : &found->second;
}

Segment* Segments::from(uint32_t number) {
  auto found = segments_.lower_bound(number);
  return found == segments_.end() ? nullptr : &found->second;
}

SegmentReader& Segments::reader(const Segment& segment, uint32_t index) {
  if (!reader_ || reader_->segment() != segment.number() || reader_->next_index() > index)
    reader_.emplace(segment.file(), segment.number(), segment.records_size());
  reader_->extend(segment.records_size());
  return *reader_;
}

}  // namespace tapwarden
