// SPDX-License-Identifier: Apache-2.0
#include "pipeline/datagrams.hpp"

#include <cstring>

#include "core/seed.hpp"
#include "pipeline/flow_hash.hpp"

namespace tapwarden {

Datagrams::Datagrams(Dispatch& dispatch, Emit& emit)
    : dispatch_(dispatch),
      emit_(emit),
      seed_(random_seed()),
      messages_(places),
      octets_(places * size_max) {}

void Datagrams::operator()(const Packet& packet) {
  uint64_t hash = waiting_count_ != 0 ? flow_hash(packet, seed_) : 0;
  Message* message = hash != 0 ? waiting(hash, packet.time) : nullptr;
  if (message == nullptr) {
    // What the snap length cut has a gap that no further datagram fills.
    if (!dispatch_(packet, emit_) || packet.cut) return;
    Message& fresh = place(hash != 0 ? hash : flow_hash(packet, seed_));
    fresh.first = packet.time;
    if (!append(fresh, packet.payload)) release(fresh);
    return;
  }
  if (!append(*message, packet.payload)) {
    release(*message);
    dispatch_(packet, emit_);
    return;
  }
  Packet whole = packet;
  whole.payload = octets_of(*message);
  if (!dispatch_(whole, emit_)) {
    ++counters_.completed;
    release(*message);
  } else if (message->datagrams == datagrams_max) {
    ++counters_.too_long;
    release(*message);
  }
}

Bytes Datagrams::octets_of(const Message& message) const {
  auto index = static_cast<size_t>(&message - messages_.data());
  return Bytes(octets_).subspan(index * size_max, message.size);
}

Datagrams::Message* Datagrams::waiting(uint64_t hash, Timestamp now) {
  size_t bucket = (hash >> 1) % (places / ways) * ways;
  for (size_t i = bucket; i < bucket + ways; ++i) {
    Message& message = messages_[i];
    if (message.hash != hash) continue;
    bool is_fresh = now >= message.first && now - message.first <= age_max;
    if (is_fresh) return &message;
    ++counters_.evicted;
    release(message);
    return nullptr;
  }
  return nullptr;
}

/// A free place, or that of the oldest.
Datagrams::Message& Datagrams::place(uint64_t hash) {
  size_t bucket = (hash >> 1) % (places / ways) * ways;
  Message* oldest = &messages_[bucket];
  for (size_t i = bucket; i < bucket + ways; ++i) {
    Message& one = messages_[i];
    if (oldest->hash != 0 && (one.hash == 0 || one.first < oldest->first)) oldest = &one;
  }
  if (oldest->hash != 0) {
    ++counters_.evicted;
    release(*oldest);
  }
  oldest->hash = hash;
  ++waiting_count_;
  return *oldest;
}

bool Datagrams::append(Message& message, Bytes datagram) {
  if (datagram.size() > size_max - message.size) {
    ++counters_.too_long;
    return false;
  }
  auto index = static_cast<size_t>(&message - messages_.data());
  std::memcpy(octets_.data() + index * size_max + message.size, datagram.data(), datagram.size());
  message.size += datagram.size();
  ++message.datagrams;
  return true;
}

void Datagrams::release(Message& message) {
  message = {};
  --waiting_count_;
}

}  // namespace tapwarden
