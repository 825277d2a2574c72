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
      stacks_([](void* self, const Observation& said) { static_cast<Novelty*>(self)->fact(said); },
              &novelty_),
      streams_(streams, dispatch_, emit_),
      datagrams_(dispatch_, emit_),
      fragments_(
          fragments, [](void* self, Packet& head) { static_cast<Worker*>(self)->read_head(head); },
          this) {}

void Worker::operator()(const Frame& frame) {
  is_readable_ = decoder_(frame, packet_);
  process_with_inner();
  for (auto inner = decoder_.next_sample(packet_); inner != Decoder::Inner::none;
       inner = decoder_.next_sample(packet_)) {
    // Of one packet in thousands that a switch samples there is no other fragment to wait for.
    is_readable_ = inner == Decoder::Inner::whole && !packet_.fragment;
    process_with_inner();
  }
}

void Worker::process_with_inner() {
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
  bool is_host = sender.mac ? !sender.mac.is_group() : sender.ip.is_host();
  if (is_host && novelty_.sighting(packet_, sender)) tell_eui64(sender);
  const Mac& transmitter = packet_.transmitter_mac;
  if (transmitter && transmitter != sender.mac && !transmitter.is_group()) {
    novelty_.sighting(packet_, {transmitter, {}, true});
  }
  if (packet_.fragment && is_readable_) {
    // A fragment in what was put together from fragments is nothing that a host sends.
    is_readable_ = fragments_.complete(packet_) && !decode_transport(packet_) && !packet_.fragment;
  }
  if (!is_readable_) return;
  if (is_host && packet_.is_ip()) {
    next_hops_(packet_, sender, emit_);
    stacks_(packet_, sender);
  }
  read(packet_);
}

/// A MAC inside the address (RFC 4291, appendix A) crosses routers; where it is the frame's own it
/// is nothing new, and a local one nobody's in particular.
void Worker::tell_eui64(const Host& sender) {
  if (!sender.ip.is_v6() || !sender.ip.is_host()) return;
  auto mac = mac_from_eui64(sender.ip.octets().subspan<8, 8>());
  if (!mac || *mac == sender.mac || mac->is_local()) return;
  emit_.begin(packet_, Protocol::ethernet);
  emit_.mac(Field::eui64_mac, *mac);
}

void Worker::read(const Packet& packet) {
  if (packet.is_ip() && packet.ip_protocol == IPPROTO_TCP) {
    streams_(packet);
  } else if (packet.is_ip() && packet.ip_protocol == IPPROTO_UDP) {
    datagrams_(packet);
  } else {
    dispatch_(packet, emit_);
  }
}

void Worker::read_head(Packet& head) {
  if (!decode_transport(head) && !head.fragment) read(head);
}

}  // namespace tapwarden
