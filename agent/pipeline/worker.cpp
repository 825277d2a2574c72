// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker.hpp"

namespace tapwarden {

Worker::Worker(ProtocolSet protocols, const NoveltySettings& novelty, Novelty::Sink sink,
               void* owner)
    : dispatch_(protocols),
      novelty_(novelty, sink, owner),
      emit_([](void* self, const Observation& said) { static_cast<Novelty*>(self)->fact(said); },
            &novelty_) {}

void Worker::operator()(const Frame& frame) {
  decoder_(frame, packet_);
  process();
  for (int depth = 0; depth < tunnels_deep_max && decoder_.enter(packet_); ++depth) process();
}

void Worker::process() {
  Host sender = sender_of(packet_);
  if (sender.mac ? !sender.mac.is_group() : sender.ip.is_host()) novelty_.sighting(packet_, sender);
  const Mac& transmitter = packet_.transmitter_mac;
  if (transmitter && transmitter != sender.mac && !transmitter.is_group()) {
    novelty_.sighting(packet_, {transmitter, {}, true});
  }
  dispatch_(packet_, emit_);
}

}  // namespace tapwarden
