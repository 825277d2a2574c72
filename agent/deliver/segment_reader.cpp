// SPDX-License-Identifier: Apache-2.0
// How a record stands in a segment's file, both ways. Numbers are the machine's own: a spool does
// not travel.
#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "deliver/segment.hpp"

namespace tapwarden {

namespace {

// Control characters, which no JSON text has: a line cannot hold what looks like a record.
constexpr std::string_view kMarker = "\x1eTW\x1f";
constexpr size_t kReadAhead = 256 << 10;

struct Head {
  char marker[4] = {};
  uint32_t check = 0;  // of what follows here
  uint32_t index = 0;
  uint32_t size = 0;  // of the body
  uint64_t body_check = 0;
};
static_assert(sizeof(Head) == 24);

struct BodyHead {
  int64_t time = 0;
  uint32_t id_size = 0;
  uint32_t key_size = 0;
  uint32_t policy_size = 0;
  uint8_t kind = 0;
  uint8_t severity = 0;
  uint16_t none = 0;
};
static_assert(sizeof(BodyHead) == 24);

uint32_t check_of(const Head& head, uint32_t segment) {
  constexpr size_t begin = offsetof(Head, index);
  const char* octets = reinterpret_cast<const char*>(&head) + begin;
  return static_cast<uint32_t>(XXH3_64bits_withSeed(octets, sizeof head - begin, segment));
}

uint64_t check_of(std::string_view body, uint32_t segment, uint32_t index) {
  return XXH3_64bits_withSeed(body.data(), body.size(), uint64_t{segment} << 32 | index);
}

/// Nothing where it does not fit: another version wrote it.
std::optional<BodyHead> body_head(std::string_view body) {
  BodyHead head;
  if (body.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, body.data(), sizeof head);
  if (uint64_t{head.id_size} + head.key_size + head.policy_size > body.size() - sizeof head ||
      head.kind >= record_kinds_count || head.severity >= severity_names.size()) {
    return std::nullopt;
  }
  return head;
}

}  // namespace

size_t packed_size(const Record& record) {
  return sizeof(Head) + sizeof(BodyHead) + record.id.size() + record.key.size() +
         record.policy.size() + record.line.size();
}

std::string packed(const Record& record, uint32_t segment, uint32_t index) {
  BodyHead body;
  body.time = record.time.time_since_epoch().count();
  body.id_size = static_cast<uint32_t>(record.id.size());
  body.key_size = static_cast<uint32_t>(record.key.size());
  body.policy_size = static_cast<uint32_t>(record.policy.size());
  body.kind = static_cast<uint8_t>(record.kind);
  body.severity = static_cast<uint8_t>(record.severity);
  std::string octets;
  octets.reserve(packed_size(record));
  octets.append(sizeof(Head), '\0');
  octets.append(reinterpret_cast<const char*>(&body), sizeof body);
  octets.append(record.id).append(record.key).append(record.policy).append(record.line);
  Head head;
  std::memcpy(head.marker, kMarker.data(), kMarker.size());
  head.index = index;
  head.size = static_cast<uint32_t>(octets.size() - sizeof head);
  head.body_check = check_of(std::string_view(octets).substr(sizeof head), segment, index);
  head.check = check_of(head, segment);
  std::memcpy(octets.data(), &head, sizeof head);
  return octets;
}

bool SegmentReader::Found::is_inventory() const {
  return tapwarden::is_inventory(static_cast<RecordKind>(body_head(body)->kind));
}

Record SegmentReader::Found::record() const {
  BodyHead head = *body_head(body);
  std::string_view rest = body.substr(sizeof head);
  auto take = [&](size_t octets) {
    std::string text(rest.substr(0, octets));
    rest.remove_prefix(octets);
    return text;
  };
  Record record;
  record.kind = static_cast<RecordKind>(head.kind);
  record.severity = static_cast<Severity>(head.severity);
  record.time = Timestamp(std::chrono::nanoseconds(head.time));
  record.id = take(head.id_size);
  record.key = take(head.key_size);
  record.policy = take(head.policy_size);
  record.line = take(rest.size());
  return record;
}

SegmentReader::SegmentReader(const std::filesystem::path& file, uint32_t segment, uint64_t end)
    : file_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)), segment_(segment), end_(end) {
  if (!file_) throw std::system_error(errno, std::generic_category(), file.string());
}

/// Less where the file ends or the disk fails.
std::string_view SegmentReader::view(uint64_t offset, size_t size) {
  size = static_cast<size_t>(std::min<uint64_t>(size, end_ - std::min(offset, end_)));
  if (offset < buffer_offset_ || offset + size > buffer_offset_ + buffer_.size()) {
    size_t wanted = static_cast<size_t>(
        std::min<uint64_t>(std::max(size, kReadAhead), end_ - std::min(offset, end_)));
    buffer_.resize(wanted);
    buffer_offset_ = offset;
    size_t there = 0;
    while (there < wanted) {
      ssize_t count = ::pread(file_.get(), buffer_.data() + there, wanted - there,
                              static_cast<off_t>(offset + there));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) failed_ = true;
      if (count <= 0) break;
      there += static_cast<size_t>(count);
    }
    buffer_.resize(there);
  }
  return std::string_view(buffer_).substr(static_cast<size_t>(offset - buffer_offset_), size);
}

/// The record there if all of it is right. skip_ is behind it where only its head is.
std::optional<SegmentReader::Found> SegmentReader::whole_at(uint64_t offset) {
  skip_ = 0;
  std::string_view octets = view(offset, sizeof(Head));
  if (octets.size() < sizeof(Head) || !octets.starts_with(kMarker)) return std::nullopt;
  Head head;
  std::memcpy(&head, octets.data(), sizeof head);
  if (head.check != check_of(head, segment_) || head.index >= Segment::records_max ||
      head.size > end_ - offset - sizeof head) {
    return std::nullopt;
  }
  octets = view(offset, sizeof head + head.size);
  if (octets.size() < sizeof head + head.size) return std::nullopt;
  Found found{head.index, offset, octets.size(), octets.substr(sizeof head)};
  skip_ = offset + octets.size();
  if (head.index < next_index_ || head.body_check != check_of(found.body, segment_, head.index) ||
      !body_head(found.body)) {
    return std::nullopt;
  }
  return found;
}

void SegmentReader::seek_marker() {
  while (offset_ < end_ && !failed_) {
    std::string_view octets = view(offset_, std::min<uint64_t>(kReadAhead, end_ - offset_));
    if (octets.empty()) break;
    size_t place = octets.find(kMarker[0]);
    if (place != std::string_view::npos) {
      offset_ += place;
      return;
    }
    offset_ += octets.size();
  }
  offset_ = end_;
}

std::optional<SegmentReader::Found> SegmentReader::next() {
  while (offset_ < end_ && !failed_) {
    if (auto found = whole_at(offset_)) {
      offset_ = healthy_end_ = found->offset + found->size;
      next_index_ = found->index + 1;
      in_gap_ = false;
      return found;
    }
    if (failed_) break;
    if (skip_ != 0) {
      ++damaged_;
      offset_ = skip_;
      in_gap_ = false;
      continue;
    }
    if (!in_gap_) ++damaged_;
    in_gap_ = true;
    ++offset_;
    seek_marker();
  }
  return std::nullopt;
}

void SegmentReader::back(const Found& found) {
  offset_ = found.offset;
  next_index_ = found.index;
}

}  // namespace tapwarden
