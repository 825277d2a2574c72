// SPDX-License-Identifier: Apache-2.0
// Frames octet by octet, and a worker that collects what it tells: for the tests of tunnels,
// fragments and streams.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "pipeline/worker.hpp"
#include "support/dissect.hpp"

namespace tapwarden::test {

inline Octets be16(size_t value) {
  return {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}
inline Octets be32(uint32_t value) { return be16(value >> 16) + be16(value & 0xffff); }

/// From 00:00:5e:00:53:<source>.
inline Octets ethernet(uint16_t type, const Octets& body, uint8_t source = 1) {
  return hex("00005e005302 00005e0053") + Octets{source} + be16(type) + body;
}
/// From 192.0.2.<source>; `fragment` as in the header.
inline Octets ipv4(uint8_t protocol, const Octets& body, uint8_t source = 1, size_t fragment = 0,
                   size_t id = 7) {
  return hex("4500") + be16(20 + body.size()) + be16(id) + be16(fragment) + Octets{64, protocol} +
         hex("0000 c00002") + Octets{source} + hex("c00002fe") + body;
}
inline Octets udp(size_t source, size_t target, const Octets& body) {
  return be16(source) + be16(target) + be16(8 + body.size()) + be16(0) + body;
}
inline Octets tcp(uint32_t sequence, uint8_t flags, const Octets& body, size_t source = 80,
                  size_t target = 50000) {
  return be16(source) + be16(target) + be32(sequence) + be32(0) + Octets{0x50, flags} +
         hex("ffff00000000") + body;
}

/// Worker with what it told: facts as texts, senders by tunnel, network and address.
struct Told {
  std::vector<std::string> facts;
  std::set<std::tuple<Tunnel, uint32_t, std::string, std::string>> senders;
  std::unique_ptr<Worker> worker;
  uint64_t number = 0;

  explicit Told(const StreamSettings& streams = {64, 8, 1024},
                const FragmentSettings& fragments = {4}) {
    NoveltySettings novelty;
    novelty.entries = 1024;
    auto sink = [](void* self, const Observation& said) { static_cast<Told*>(self)->take(said); };
    worker = std::make_unique<Worker>(all_protocols(), novelty, sink, this, streams, fragments);
  }
  void take(const Observation& said) {
    if (!said.text.empty()) return facts.push_back(std::string(said.text.view()));
    senders.emplace(said.context.tunnel, said.context.tunnel_id,
                    said.host.mac ? to_string(said.host.mac) : "-",
                    said.host.ip ? to_string(said.host.ip) : "-");
  }
  void operator()(const Octets& octets) {
    Octets exact(octets);
    exact.shrink_to_fit();
    Frame frame;
    frame.bytes = Bytes(exact);
    frame.wire_size = static_cast<uint32_t>(exact.size());
    frame.link_type = 1;
    frame.number = ++number;
    (*worker)(frame);
  }
  bool has(Tunnel tunnel, uint32_t id, const char* mac, const char* ip) const {
    return senders.contains({tunnel, id, mac, ip});
  }
  uint64_t entered(Tunnel tunnel) const {
    return worker->decoded().tunnelled[static_cast<size_t>(tunnel)];
  }
};

}  // namespace tapwarden::test
