// SPDX-License-Identifier: Apache-2.0
#include "report/summary.hpp"

#include <algorithm>

#include "capture/live.hpp"

namespace tapwarden {

namespace {

void add_by_protocol(std::map<std::string, uint64_t>& target,
                     const std::array<uint64_t, protocols_count>& counts) {
  for (const ProtocolRow& row : protocol_table()) {
    uint64_t count = counts[static_cast<size_t>(row.protocol)];
    if (count != 0) target[std::string(row.name)] += count;
  }
}

}  // namespace

void Summary::add(const Summary& part) {
  for (auto number : {&Summary::files, &Summary::files_failed, &Summary::received,
                      &Summary::dropped, &Summary::observations_dropped, &Summary::packets,
                      &Summary::decoded, &Summary::devices, &Summary::flagged, &Summary::alerts}) {
    this->*number += part.*number;
  }
  for (auto counts : {&Summary::undecoded, &Summary::opaque, &Summary::tunnelled,
                      &Summary::malformed, &Summary::cut, &Summary::bounds}) {
    for (const auto& [name, count] : part.*counts) (this->*counts)[name] += count;
  }
}

void Summary::add(const Worker& worker) {
  const Decoder::Counters& decoder = worker.decoded();
  packets += decoder.frames;
  decoded += decoder.decoded;
  uint64_t named = 0;
  for (const auto& type : decoder.link_types) {
    if (type.frames == 0) continue;
    undecoded["link_type " + link_type_name(type.type)] += type.frames;
    named += type.frames;
  }
  for (size_t i = 0; i < undecoded_count; ++i) {
    uint64_t count = decoder.undecoded[i] - (Undecoded(i) == Undecoded::link_type ? named : 0);
    if (count != 0) undecoded[std::string(to_string(Undecoded(i)))] += count;
  }
  static constexpr const char* hiding[opaque_count] = {"", "macsec", "esp", "wifi", "capwap"};
  for (size_t i = 1; i < opaque_count; ++i) {
    if (decoder.opaque[i] != 0) opaque[hiding[i]] += decoder.opaque[i];
  }
  for (size_t i = 1; i < tunnels_count; ++i) {
    if (decoder.tunnelled[i] != 0)
      tunnelled[std::string(to_string(Tunnel(i)))] += decoder.tunnelled[i];
  }
  if (decoder.tunnels_malformed != 0) malformed["tunnel"] += decoder.tunnels_malformed;
  add_by_protocol(malformed, worker.dispatched().malformed);
  add_by_protocol(cut, worker.dispatched().cut);
  const std::pair<const char*, uint64_t> given_up[] = {
      {"stream_heads_evicted", worker.streamed().evicted},
      {"stream_segments_gapped", worker.streamed().gapped},
      {"datagrams_evicted", worker.assembled().evicted},
      {"messages_evicted", worker.spanning().evicted},
      {"messages_too_long", worker.spanning().too_long},
      {"datagrams_read_in_part", worker.assembled().heads},
      {"fragments_contradicting", worker.assembled().contradicting},
      {"next_hops_evicted", worker.next_hops_evicted()},
      {"stacks_evicted", worker.stacks_evicted()}};
  for (const auto& [name, count] : given_up) {
    if (count != 0) bounds[name] += count;
  }
  if (worker.reduced().facts_evicted != 0)
    bounds["novelty_facts_evicted"] += worker.reduced().facts_evicted;
  if (worker.reduced().sightings_evicted != 0) {
    bounds["novelty_sightings_evicted"] += worker.reduced().sightings_evicted;
  }
}

void Summary::add(const Inventory& inventory) {
  devices += inventory.size();
  inventory.each([&](const Device& device) { flagged += device.is_flagged ? 1 : 0; });
  Inventory::Counters counters = inventory.counters();
  const std::pair<const char*, uint64_t> all[] = {{"devices_evicted", counters.devices_evicted},
                                                  {"devices_refused", counters.devices_refused},
                                                  {"claims_refused", counters.claims_refused},
                                                  {"addresses_refused", counters.addresses_refused},
                                                  {"bindings_refused", counters.bindings_refused}};
  for (const auto& [name, count] : all) {
    if (count != 0) bounds[name] += count;
  }
}

}  // namespace tapwarden
