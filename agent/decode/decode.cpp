// SPDX-License-Identifier: Apache-2.0
#include "decode/decode.hpp"

namespace tapwarden {

std::string_view to_string(Undecoded reason) {
  static constexpr std::string_view names[undecoded_count] = {
      "link_type", "link_header", "checksum", "vlan_depth", "llc", "ipv4", "ipv6",
      "udp",       "tcp",         "sctp",     "icmpv6",     "ppp", "mpls", "tunnel"};
  return names[static_cast<size_t>(reason)];
}

bool Decoder::operator()(const Frame& frame, Packet& packet) {
  packet = {};
  packet.time = frame.time;
  packet.frame = frame.number;
  packet.source = frame.source;
  packet.context.tap = frame.tap;
  packet.cut = frame.bytes.size() < frame.wire_size;

  ++counters_.frames;
  Reader reader(frame.bytes);
  std::optional<Undecoded> undecoded = decode_link(frame.link_type, reader, packet);
  if (!undecoded) {
    ++counters_.decoded;
    count_opaque(packet);
    return true;
  }
  packet.payload = {};
  ++counters_.undecoded[static_cast<size_t>(*undecoded)];
  if (*undecoded == Undecoded::link_type) count_link_type(frame.link_type);
  return false;
}

void Decoder::count_opaque(const Packet& packet) {
  ++counters_.opaque[static_cast<size_t>(packet.opaque)];
}

void Decoder::count_link_type(int type) {
  for (auto& known : counters_.link_types) {
    if (known.frames != 0 && known.type != type) continue;
    known.type = type;
    ++known.frames;
    return;
  }
}

}  // namespace tapwarden
