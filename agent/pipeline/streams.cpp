// SPDX-License-Identifier: Apache-2.0
#include "pipeline/streams.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>

namespace tapwarden {

namespace {

enum Flag : uint8_t { kFin = 0x01, kSyn = 0x02, kRst = 0x04 };

/// Fewer octets than this cannot show what they begin.
constexpr size_t kTelling = 16;

uint64_t hash_of(const Packet& packet, uint64_t seed) {
  struct {
    Context context;
    IpAddress source, target;
    uint16_t source_port, target_port;
  } key;
  std::memset(static_cast<void*>(&key), 0, sizeof key);
  key.context = packet.context;
  key.source = packet.source_ip;
  key.target = packet.target_ip;
  key.source_port = packet.source_port;
  key.target_port = packet.target_port;
  return XXH3_64bits_withSeed(&key, sizeof key, seed) | 1;
}

}  // namespace

Streams::Streams(const StreamSettings& settings, Dispatch& dispatch, Emit& emit)
    : settings_(settings),
      dispatch_(dispatch),
      emit_(emit),
      seed_(std::random_device{}() | uint64_t{std::random_device{}()} << 32),
      directions_(std::bit_ceil(settings.directions)),
      heads_(settings.gathering) {
  for (Head& head : heads_) head.octets.resize(settings.head_size);
}

Streams::Direction& Streams::direction_of(const Packet& packet, bool& is_new) {
  uint64_t hash = hash_of(packet, seed_);
  size_t bucket = (hash >> 1) & (directions_.size() / ways - 1);
  Direction* oldest = &directions_[bucket * ways];
  for (size_t i = 0; i < ways; ++i) {
    Direction& one = directions_[bucket * ways + i];
    if (one.hash == hash) {
      is_new = false;
      return one;
    }
    if (one.hash == 0 ? oldest->hash != 0 : oldest->hash != 0 && one.last < oldest->last)
      oldest = &one;
  }
  if (oldest->state == State::gathering) {
    ++counters_.evicted;
    finish(*oldest);
  }
  *oldest = {};
  oldest->hash = hash;
  is_new = true;
  return *oldest;
}

void Streams::operator()(const Packet& packet) {
  bool is_start = (packet.tcp_flags & kSyn) != 0;
  bool is_end = (packet.tcp_flags & (kFin | kRst)) != 0;
  if (packet.payload.empty() && !is_start && !is_end) return;
  bool is_new = false;
  Direction& direction = direction_of(packet, is_new);
  direction.last = packet.time;
  if (is_start && (is_new || direction.state == State::finished)) {
    direction.base = packet.tcp_sequence + 1;
    direction.state = State::waiting;
    return;
  }
  if (is_start) return;
  if (is_new)
    direction.base =
        packet.tcp_sequence;  // the start was not seen: whatever comes first is the head
  auto offset = static_cast<int32_t>(packet.tcp_sequence - direction.base);
  Bytes payload = packet.payload;
  if (offset < 0) {
    payload =
        payload.subspan(std::min<size_t>(payload.size(), static_cast<size_t>(-int64_t{offset})));
    offset = 0;
  }
  if (!payload.empty() && direction.state != State::finished) {
    gather(direction, packet, static_cast<uint32_t>(offset), payload);
  }
  if (is_end && direction.state == State::gathering) finish(direction);
  if (is_end) direction.state = State::finished;
}

void Streams::gather(Direction& direction, const Packet& packet, uint32_t offset, Bytes payload) {
  if (direction.state == State::waiting && offset == 0) {
    bool is_full = payload.size() >= settings_.head_size;
    if (read(packet, payload, !is_full)) {
      direction.state = State::finished;
      return;
    }
  }
  Head& head = head_of(direction);
  head.packet = packet;
  head.packet.payload = {};
  uint32_t before = head.contiguous();
  if (!insert(head, offset, payload)) ++counters_.gapped;
  uint32_t now = head.contiguous();
  if (now == before) return;
  if (now >= settings_.head_size) return finish(direction);
  if (!read(head.packet, Bytes(head.octets).first(now), true)) return;
  head.ranges_count = 0;  // read: nothing is left to tell at the end
  finish(direction);
}

Streams::Head& Streams::head_of(Direction& direction) {
  if (direction.state == State::gathering) return heads_[direction.head];
  Head& head = heads_[next_head_];
  if (head.direction != nullptr) {
    ++counters_.evicted;
    finish(*head.direction);
  }
  direction.head = static_cast<uint32_t>(next_head_);
  direction.state = State::gathering;
  head.direction = &direction;
  head.ranges_count = 0;
  next_head_ = (next_head_ + 1) % heads_.size();
  return head;
}

/// What is there already stays: a later segment that says otherwise is not believed. False when
/// there are too many gaps to remember.
bool Streams::insert(Head& head, uint32_t begin, Bytes octets) {
  if (begin >= settings_.head_size) return true;
  auto end = static_cast<uint32_t>(std::min<size_t>(begin + octets.size(), settings_.head_size));
  std::array<Range, ranges_max + 1> merged;
  size_t count = 0;
  Range fresh{begin, end};
  uint32_t written = begin;  // up to here the new octets are in place or were not wanted
  auto write_to = [&](uint32_t limit) {
    if (limit <= written) return;
    std::memcpy(head.octets.data() + written, octets.data() + (written - begin), limit - written);
  };
  for (size_t i = 0; i < head.ranges_count; ++i) {
    const Range& old = head.ranges[i];
    if (old.end < fresh.begin || old.begin > fresh.end) continue;
    write_to(std::min(old.begin, end));
    written = std::max(written, std::min(old.end, end));
    fresh = {std::min(fresh.begin, old.begin), std::max(fresh.end, old.end)};
  }
  bool is_placed = false;
  for (size_t i = 0; i < head.ranges_count; ++i) {
    const Range& old = head.ranges[i];
    bool is_inside = old.begin >= fresh.begin && old.end <= fresh.end;
    if (is_inside) continue;
    if (!is_placed && fresh.begin < old.begin) {
      merged[count++] = fresh;
      is_placed = true;
    }
    merged[count++] = old;
  }
  if (!is_placed) merged[count++] = fresh;
  if (count > ranges_max) return false;
  write_to(end);
  std::copy_n(merged.begin(), count, head.ranges.begin());
  head.ranges_count = count;
  return true;
}

bool Streams::read(const Packet& packet, Bytes octets, bool more_may_come) {
  Packet whole = packet;
  whole.payload = octets;
  if (!more_may_come) {
    dispatch_(whole, emit_);
    return true;
  }
  // First without a word: a line that the segment cut would be told as if it were whole.
  switch (dispatch_.would_read(whole, emit_)) {
    case Dispatch::Outcome::unknown:
      return octets.size() >= kTelling;
    case Dispatch::Outcome::short_:
      return false;
    case Dispatch::Outcome::whole:
      break;
  }
  dispatch_(whole, emit_);
  return true;
}

void Streams::finish(Direction& direction) {
  Head& head = heads_[direction.head];
  if (uint32_t size = head.contiguous(); size != 0) {
    head.packet.cut = true;  // it ended before the message did: short is not malformed
    read(head.packet, Bytes(head.octets).first(size), false);
  }
  head.direction = nullptr;
  direction.head = no_head;
  direction.state = State::finished;
}

void Streams::flush() {
  for (Head& head : heads_) {
    if (head.direction != nullptr) finish(*head.direction);
  }
}

}  // namespace tapwarden
