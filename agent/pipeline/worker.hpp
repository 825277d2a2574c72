// SPDX-License-Identifier: Apache-2.0
// Worker: one frame's way from bytes to observations: decode, dispatch, dissect, reduce. It owns
// everything it touches, shares nothing, and allocates nothing once made.
#pragma once

#include <cstdint>

#include "decode/decode.hpp"
#include "dissect/dispatch.hpp"
#include "dissect/emit.hpp"
#include "pipeline/datagrams.hpp"
#include "pipeline/fragments.hpp"
#include "pipeline/next_hops.hpp"
#include "pipeline/novelty.hpp"
#include "pipeline/stacks.hpp"
#include "pipeline/streams.hpp"

namespace tapwarden {

class Worker {
 public:
  /// `sink` gets each observation that is new; it must not keep the reference.
  Worker(ProtocolSet protocols, const NoveltySettings& novelty, Novelty::Sink sink, void* owner,
         const StreamSettings& streams = {}, const FragmentSettings& fragments = {});
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Tunnels in tunnels: what lies deeper is not looked at.
  static constexpr int tunnels_deep_max = 8;

  void operator()(const Frame& frame);
  /// Tells the packet sums that are held back: at the end, and before a snapshot.
  void flush() { novelty_.flush(); }
  /// Reads what is still being put together, and tells the sums: at the end.
  void finish() {
    fragments_.flush();
    streams_.flush();
    novelty_.flush();
  }

  const Decoder::Counters& decoded() const { return decoder_.counters(); }
  const Dispatch::Counters& dispatched() const { return dispatch_.counters(); }
  const Novelty::Counters& reduced() const { return novelty_.counters(); }
  const Streams::Counters& streamed() const { return streams_.counters(); }
  const Datagrams::Counters& spanning() const { return datagrams_.counters(); }
  const Fragments::Counters& assembled() const { return fragments_.counters(); }
  uint64_t next_hops_evicted() const { return next_hops_.evicted(); }
  uint64_t stacks_evicted() const { return stacks_.evicted(); }

 private:
  void process();
  void process_with_inner();
  void read(const Packet& packet);
  void read_head(Packet& head);
  void tell_eui64(const Host& sender);

  Decoder decoder_;
  Dispatch dispatch_;
  Novelty novelty_;
  Emit emit_;
  NextHops next_hops_;
  Stacks stacks_;
  Streams streams_;
  Datagrams datagrams_;
  Fragments fragments_;
  Packet packet_;
  bool is_readable_ = false;  // there is more behind the addresses, and it is decoded
};

}  // namespace tapwarden
