// SPDX-License-Identifier: Apache-2.0
#include "deliver/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "core/directories.hpp"
#include "deliver/segments.hpp"
#include "deliver/set_aside.hpp"

namespace tapwarden {

namespace {

namespace fs = std::filesystem;

constexpr size_t kRecordMax = 1 << 30;

constexpr SpoolPosition position_of(uint32_t segment, uint32_t index) {
  return uint64_t{segment} << 32 | index;
}
constexpr uint32_t segment_of(SpoolPosition position) {
  return static_cast<uint32_t>(position >> 32);
}
constexpr uint32_t index_of(SpoolPosition position) { return static_cast<uint32_t>(position); }

[[noreturn]] void refuse(const fs::path& path, int error) {
  throw std::system_error(error, std::generic_category(), path.string());
}

OpenFile locked(const fs::path& directory) {
  make_directories(directory);
  fs::path path = directory / "lock";
  OpenFile file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!file) refuse(path, errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno != EWOULDBLOCK) refuse(path, errno);
  throw std::runtime_error(fmt::format("{}: another agent has this spool", directory.string()));
}

}  // namespace

struct Spool::State {
  State(fs::path directory_, const SpoolSettings& settings_, std::shared_ptr<Forcer> forcer)
      : directory(std::move(directory_)),
        settings(settings_),
        lock(locked(directory)),
        segments(directory, settings, std::move(forcer)) {}

  bool read(Segment& segment, uint32_t from, std::vector<Entry>& entries, size_t records_max,
            size_t& size_left);
  bool is_in_place();

  fs::path directory;
  SpoolSettings settings;
  OpenFile lock;
  Segments segments;
  SpoolPosition oldest_position = 0;
  std::optional<Timestamp> oldest;
};

/// Where somebody took the directory away it is made again. What stood in it is missed when it is
/// read.
bool Spool::State::is_in_place() {
  struct stat there {};
  if (::fstat(lock.get(), &there) == 0 && there.st_nlink != 0) return true;
  try {
    lock = locked(directory);
  } catch (const std::runtime_error&) {
    return false;
  }
  segments.begin_anew();
  return true;
}

/// False when the entries are full.
bool Spool::State::read(Segment& segment, uint32_t from, std::vector<Entry>& entries,
                        size_t records_max, size_t& size_left) {
  SegmentReader& reader = segments.reader(segment, from);
  for (;;) {
    uint32_t expected = reader.next_index();
    auto found = reader.next();
    if (reader.failed()) {
      ++segments.counters.failures;
      segments.forget_reader();
      return true;
    }
    segments.lose(segment, expected, found ? found->index : segment.next_index());
    if (!found) return true;
    if (found->index < from || !segment.waits(found->index)) continue;
    if (entries.size() >= records_max || (!entries.empty() && found->size > size_left)) {
      reader.back(*found);
      return false;
    }
    size_left -= std::min(size_left, found->size);
    entries.push_back({position_of(segment.number(), found->index), found->record()});
  }
}

Spool::Spool(fs::path directory, const SpoolSettings& settings, std::shared_ptr<Forcer> forcer)
    : state_(std::make_unique<State>(std::move(directory), settings, std::move(forcer))) {}

Spool::~Spool() = default;

std::optional<SpoolPosition> Spool::append(const Record& record) {
  Segments& segments = state_->segments;
  Counters& counters = segments.counters;
  const SpoolSettings& settings = state_->settings;
  size_t need = packed_size(record) + Segment::done_entry_size;
  bool inventory = is_inventory(record.kind);
  bool fits = need <= std::min(settings.size_max, kRecordMax) && state_->is_in_place();
  bool has_room = fits && segments.make_room(need, inventory);
  Segment* segment = has_room || (fits && inventory) ? segments.to_append(need) : nullptr;
  if (segment == nullptr) {
    ++counters.failures;
    return std::nullopt;
  }
  if (!has_room) {
    ++counters.appended;
    ++counters.dropped_devices;
    return position_of(segment->number(), segment->skip());
  }
  uint32_t index = segment->next_index();
  if (!segments.append(*segment, packed(record, segment->number(), index), inventory)) {
    ++counters.failures;
    return std::nullopt;
  }
  ++counters.appended;
  using enum SpoolSettings::Sync;
  if (settings.sync == always || (settings.sync == alerts && !inventory)) segments.want_force();
  return position_of(segment->number(), index);
}

void Spool::write_done() { state_->segments.write_done(); }

std::vector<Spool::Entry> Spool::read(SpoolPosition after, size_t records_max, size_t size_max) {
  Segments& segments = state_->segments;
  std::vector<Entry> entries;
  uint32_t number = segment_of(after);
  uint32_t from = index_of(after) + 1;
  while (entries.size() < records_max) {
    Segment* segment = segments.from(number);
    if (segment == nullptr) break;
    if (segment->number() != segment_of(after)) from = 0;
    number = segment->number() + 1;
    if (segment->first_waiting(from) == segment->next_index()) continue;
    try {
      if (!state_->read(*segment, from, entries, records_max, size_max)) break;
    } catch (const std::system_error& error) {
      ++segments.counters.failures;
      if (error.code() != std::errc::no_such_file_or_directory) break;
      segments.lose_file(*segment, from);
    }
    segments.settle(segment->number());
  }
  return entries;
}

bool Spool::waits(SpoolPosition position) const {
  Segment* segment = state_->segments.find(segment_of(position));
  return segment != nullptr && segment->waits(index_of(position));
}

void Spool::done(SpoolPosition position) {
  if (Segment* segment = state_->segments.find(segment_of(position)))
    state_->segments.finish(*segment, index_of(position));
}

bool Spool::set_aside(const Entry& entry, std::string_view error) {
  if (!state_->is_in_place() || !keep_set_aside(state_->directory, entry.record, error)) {
    ++state_->segments.counters.failures;
    return false;
  }
  done(entry.position);
  return true;
}

size_t Spool::waiting() const { return state_->segments.waiting(); }

size_t Spool::size() const { return state_->segments.size(); }

std::optional<Timestamp> Spool::oldest() const {
  State& state = *state_;
  Segment* segment = state.segments.from(0);
  while (segment != nullptr && segment->waiting() == 0)
    segment = state.segments.from(segment->number() + 1);
  if (segment == nullptr) return std::nullopt;
  uint32_t index = segment->first_waiting(0);
  SpoolPosition position = position_of(segment->number(), index);
  if (position == std::exchange(state.oldest_position, position)) return state.oldest;
  state.oldest.reset();
  try {
    SegmentReader reader(segment->file(), segment->number(), segment->records_size());
    auto found = reader.next();
    while (found && found->index < index) found = reader.next();
    if (found && found->index == index) state.oldest = found->record().time;
  } catch (const std::system_error&) {  // read() counts it
  }
  return state.oldest;
}

Spool::Counters Spool::counters() const { return state_->segments.counts(); }

}  // namespace tapwarden
