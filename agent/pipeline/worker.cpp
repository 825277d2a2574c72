// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker.hpp"

#include <netinet/in.h>

namespace tapwarden {

Worker::Worker(ProtocolSet protocols, const NoveltySettings& novelty, Novelty::Sink sink,
               void* owner, const StreamSettings& streams, const FragmentSettings& fragments)
    : dispatch_(protocols),
      novelty_(novelty, sink, owner),
      emit_([](void* self, const Observation& said) { static_cast<Novelty*>(self)->fact(said); },
            &novelty_),
      streams_(streams, dispatch_, emit_),
      datagrams_(dispatch_, emit_),
      fragments_(fragments) {}

void Worker::operator()(const Frame& frame) {
  is_readable_ = decoder_(frame, packet_);
  process();
  for (int depth = 0; depth < tunnels_deep_max && is_readable_; ++depth) {
    Decoder::Inner inner = decoder_.enter(packet_);
    if (inner == Decoder::Inner::none) return;
    is_readable_ = inner == Decoder::Inner::whole;
    process();
  }
}

void Worker::process() {
  Host sender = sender_of(packet_);
  if (sender.mac ? !sender.mac.is_group() : sender.ip.is_host()) novelty_.sighting(packet_, sender);
  const Mac& transmitter = packet_.transmitter_mac;
  if (transmitter && transmitter != sender.mac && !transmitter.is_group()) {
    novelty_.sighting(packet_, {transmitter, {}, true});
  }
  if (packet_.fragment && is_readable_) {
    // A fragment in what was put together from fragments is nothing that a host sends.
    is_readable_ = fragments_.complete(packet_) && !decode_transport(packet_) && !packet_.fragment;
  }
  if (!is_readable_) return;
  if (packet_.is_ip() && packet_.ip_protocol == IPPROTO_TCP) {
    streams_(packet_);
  } else if (packet_.is_ip() && packet_.ip_protocol == IPPROTO_UDP) {
    datagrams_(packet_);
  } else {
    dispatch_(packet_, emit_);
  }
}

}  // namespace tapwarden
