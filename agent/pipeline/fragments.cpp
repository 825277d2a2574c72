// SPDX-License-Identifier: Apache-2.0
#include "pipeline/fragments.hpp"

#include <algorithm>
#include <cstring>

namespace tapwarden {

Fragments::Fragments(const FragmentSettings& settings, HeadSink sink, void* owner)
    : sink_(sink), owner_(owner), datagrams_(settings.datagrams), whole_(size_max) {
  for (Datagram& one : datagrams_) one.octets.resize(size_max);
}

/// A free place, or that of the datagram begun first.
Fragments::Datagram& Fragments::place() {
  Datagram* oldest = &datagrams_[0];
  for (Datagram& one : datagrams_) {
    if (!one.is_used) return one;
    if (one.first < oldest->first) oldest = &one;
  }
  ++counters_.evicted;
  give_up(*oldest);
  return *oldest;
}

void Fragments::give_up(Datagram& datagram) {
  datagram.is_used = false;
  size_t units_in_front = 0;
  while (units_in_front < datagram.there.size() && datagram.there[units_in_front]) ++units_in_front;
  if (units_in_front == 0) return;
  ++counters_.heads;
  Packet head = datagram.head;
  head.payload = Bytes(datagram.octets).first(std::min(units_in_front * unit, datagram.reach));
  head.fragment = head.more_fragments = false;
  head.cut = true;
  sink_(owner_, head);
}

void Fragments::flush() {
  for (Datagram& one : datagrams_) {
    if (one.is_used) give_up(one);
  }
}

Fragments::Datagram& Fragments::datagram_of(const Packet& packet) {
  for (Datagram& one : datagrams_) {
    // IPv6 names a datagram by addresses and identification alone (RFC 8200, section 4.5).
    bool is_same_protocol = one.source.is_v6() || one.protocol == packet.ip_protocol;
    if (one.is_used && one.id == packet.fragment_id && one.source == packet.source_ip &&
        one.target == packet.target_ip && is_same_protocol && one.context == packet.context) {
      if (std::chrono::abs(packet.time - one.first) <= age_max) return one;
      ++counters_.evicted;  // an identification that came round again
      give_up(one);
    }
  }
  Datagram& fresh = place();
  fresh.is_used = true;
  fresh.context = packet.context;
  fresh.source = packet.source_ip;
  fresh.target = packet.target_ip;
  fresh.id = packet.fragment_id;
  fresh.protocol = packet.ip_protocol;
  fresh.first = packet.time;
  fresh.is_cut = false;
  fresh.size = fresh.reach = fresh.units_there = 0;
  fresh.there.reset();
  return fresh;
}

bool Fragments::complete(Packet& packet) {
  size_t begin = packet.fragment_offset;
  size_t end = begin + packet.payload.size();
  // All but the last fill whole units; what reaches beyond the largest datagram is no fragment of
  // one.
  if (packet.payload.empty() || end > size_max ||
      (packet.more_fragments && packet.payload.size() % unit != 0)) {
    return false;
  }
  Datagram& datagram = datagram_of(packet);
  bool is_last = !packet.more_fragments;
  bool fits = datagram.size == 0 || (is_last ? end == datagram.size : end <= datagram.size);
  if (!fits || (is_last && end < datagram.reach)) {
    ++counters_.contradicting;
    return false;
  }
  if (is_last) datagram.size = end;
  if (begin == 0 && !datagram.there[0]) {
    datagram.protocol = packet.ip_protocol;
    datagram.head = packet;
    datagram.head.payload = {};
  }
  datagram.reach = std::max(datagram.reach, end);
  datagram.is_cut = datagram.is_cut || packet.cut;
  bool overlaps = false;
  for (size_t at = begin; at < end; at += unit) {
    if (datagram.there[at / unit]) {
      overlaps = true;
      continue;
    }
    datagram.there.set(at / unit);
    ++datagram.units_there;
    std::memcpy(datagram.octets.data() + at, packet.payload.data() + (at - begin),
                std::min(unit, end - at));
  }
  if (overlaps) ++counters_.overlapping;
  if (datagram.size == 0 || datagram.units_there != (datagram.size + unit - 1) / unit) return false;
  ++counters_.assembled;
  datagram.is_used = false;
  // The payload of a fragment inside the last whole is copied by now: the two change places.
  std::swap(datagram.octets, whole_);
  packet.payload = Bytes(whole_).first(datagram.size);
  packet.ip_protocol = datagram.protocol;
  packet.fragment = packet.more_fragments = false;
  packet.fragment_offset = 0;
  packet.cut = datagram.is_cut;
  return true;
}

}  // namespace tapwarden
