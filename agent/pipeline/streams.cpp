// SPDX-License-Identifier: Apache-2.0
#include "pipeline/streams.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/seed.hpp"
#include "pipeline/flow_hash.hpp"

namespace tapwarden {

namespace {

enum Flag : uint8_t { kFin = 0x01, kSyn = 0x02, kRst = 0x04 };

/// Fewer octets than this cannot show what they begin.
constexpr size_t kTelling = 16;

}  // namespace

Streams::Streams(const StreamSettings& settings, Dispatch& dispatch, Emit& emit)
    : settings_(settings),
      dispatch_(dispatch),
      emit_(emit),
      seed_(random_seed()),
      directions_(std::bit_ceil(settings.directions)),
      heads_(settings.gathering) {
  for (Head& head : heads_) head.octets.resize(settings.head_size);
}

/// Where the direction is, or else the place that it would take.
Streams::Place Streams::place_of(uint64_t hash) {
  size_t bucket = (hash >> 1) & (directions_.size() / ways - 1);
  Direction* oldest = &directions_[bucket * ways];
  for (size_t i = 0; i < ways; ++i) {
    Direction& one = directions_[bucket * ways + i];
    if (one.hash == hash) return {one, true};
    if (one.hash == 0 ? oldest->hash != 0 : oldest->hash != 0 && one.last < oldest->last)
      oldest = &one;
  }
  return {*oldest, false};
}

/// Gives the place to a direction that was not known. Without its SYN, whatever came first is the
/// head.
Streams::Direction& Streams::take(Direction& place, const Packet& packet, uint64_t hash) {
  if (place.state == State::gathering) {
    ++counters_.evicted;
    finish(place);
  }
  place = {};
  place.hash = hash;
  place.base = packet.tcp_sequence;
  return place;
}

/// A SYN: the same again is a retransmission, another one is a new connection between the same
/// ports.
void Streams::start(Direction& direction, uint32_t base) {
  if (direction.state == State::gathering) {
    if (direction.base == base) return;
    finish(direction);
  }
  direction.base = base;
  direction.state = State::waiting;
}

void Streams::operator()(const Packet& packet) {
  bool is_start = (packet.tcp_flags & kSyn) != 0;
  bool is_reset = (packet.tcp_flags & kRst) != 0;
  bool is_end = (packet.tcp_flags & kFin) != 0;
  if (packet.payload.empty() && !is_start && !is_reset && !is_end) return;
  uint64_t hash = flow_hash(packet, seed_);
  Place place = place_of(hash);
  // What ends without having said anything needs no place.
  if (!place.is_known && packet.payload.empty() && !is_start) return;
  Direction& direction = place.is_known ? place.direction : take(place.direction, packet, hash);
  direction.last = packet.time;
  uint32_t sequence = packet.tcp_sequence;
  if (is_start) start(direction, ++sequence);  // data in a SYN (RFC 7413) comes behind it
  Bytes payload = packet.payload;
  auto offset = static_cast<int32_t>(sequence - direction.base);
  if (offset < 0) {
    auto old = static_cast<size_t>(-int64_t{offset});
    if (old > payload.size()) return;  // all of it from before, also its FIN
    payload = payload.subspan(old);
    offset = 0;
  }
  auto begin = static_cast<uint32_t>(offset);
  if (!payload.empty() && direction.state != State::finished)
    gather(direction, packet, begin, payload);
  if (is_end) end(direction, begin + static_cast<uint32_t>(payload.size()));
  if (!is_reset) return;
  if (direction.state == State::gathering) finish(direction);
  direction.state = State::finished;
}

/// A FIN at `offset`: what comes before it may still be on its way.
void Streams::end(Direction& direction, uint32_t offset) {
  if (direction.state == State::gathering) {
    Head& head = heads_[direction.head];
    head.end = std::min(head.end, offset);
    if (head.contiguous() >= head.end) finish(direction);
  } else if (offset == 0) {
    direction.state = State::finished;
  }
}

void Streams::gather(Direction& direction, const Packet& packet, uint32_t offset, Bytes payload) {
  if (direction.state == State::waiting && offset == 0) {
    // Of a segment that the snap length cut no next octet will follow.
    bool more_may_come = payload.size() < settings_.head_size && !packet.cut;
    if (read(packet, payload, more_may_come)) {
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
  if (now >= settings_.head_size || now >= head.end) return finish(direction);
  if (!may_attempt(head, now) || !read(head.packet, Bytes(head.octets).first(now), true)) return;
  head.ranges_count = 0;  // read: nothing is left to tell at the end
  finish(direction);
}

bool Streams::may_attempt(Head& head, uint32_t size) const {
  if (size < head.next_attempt) return false;
  head.looked_at += size;
  if (head.looked_at > looks_max * settings_.head_size) head.next_attempt = size + size / 4;
  return true;
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
  head.end = UINT32_MAX;
  head.looked_at = 0;
  head.next_attempt = 0;
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
