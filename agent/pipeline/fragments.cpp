// SPDX-License-Identifier: Apache-2.0
#include "pipeline/fragments.hpp"

#include <algorithm>
#include <cstring>

namespace tapwarden {

Fragments::Fragments(const FragmentSettings& settings) : datagrams_(settings.datagrams) {
  for (Datagram& one : datagrams_) one.octets.resize(size_max);
}

Fragments::Datagram& Fragments::datagram_of(const Packet& packet) {
  for (Datagram& one : datagrams_) {
    if (one.is_used && one.id == packet.fragment_id && one.source == packet.source_ip &&
        one.target == packet.target_ip && one.protocol == packet.ip_protocol &&
        one.context == packet.context) {
      if (std::chrono::abs(packet.time - one.first) <= age_max) return one;
      ++counters_.evicted;  // an identification that came round again
      one.is_used = false;
    }
  }
  Datagram& fresh = datagrams_[next_];
  next_ = (next_ + 1) % datagrams_.size();
  if (fresh.is_used) ++counters_.evicted;
  fresh.is_used = true;
  fresh.context = packet.context;
  fresh.source = packet.source_ip;
  fresh.target = packet.target_ip;
  fresh.id = packet.fragment_id;
  fresh.protocol = packet.ip_protocol;
  fresh.first = packet.time;
  fresh.size = fresh.units_there = 0;
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
  if (datagram.size != 0 && end > datagram.size) return false;
  if (!packet.more_fragments) datagram.size = end;
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
  packet.payload = Bytes(datagram.octets).first(datagram.size);
  packet.fragment = packet.more_fragments = false;
  packet.fragment_offset = 0;
  packet.cut = false;
  return true;
}

}  // namespace tapwarden
