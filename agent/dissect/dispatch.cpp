// SPDX-License-Identifier: Apache-2.0
#include "dissect/dispatch.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <functional>

#include "dissect/dissectors.hpp"

namespace tapwarden {

namespace {

constexpr Dissector dissectors[] = {
    nullptr,
#define PROTOCOL(id, title, standard, routes, fields) protocols::id,
#include "core/protocols.inc"
#undef PROTOCOL
};

/// From here on systems choose the ports of their clients (RFC 6335 and what Linux does).
constexpr uint16_t kClientPorts = 32768;

}  // namespace

Dissector dissector(Protocol protocol) { return dissectors[static_cast<size_t>(protocol)]; }

ProtocolSet all_protocols() {
  ProtocolSet all;
  all.fill(true);
  return all;
}

Dispatch::Dispatch(ProtocolSet enabled)
    : enabled_(enabled), ethertype_(65536), udp_(65536), tcp_(65536), sctp_(65536) {
  for (const ProtocolRow& row : protocol_table()) {
    if (!enabled[static_cast<size_t>(row.protocol)]) continue;
    for (const Route& route : row.routes) {
      auto fill = [&](auto& table) {
        for (uint32_t i = route.low; i <= route.high; ++i) table[i] = row.protocol;
      };
      auto starts = [&](Starts& table) {
        if (route.high == 0) {
          table[static_cast<uint8_t>(route.starts[0])].push_back({route.starts, 0, row.protocol});
        }
        for (uint32_t i = route.low; route.high != 0 && i <= route.high; ++i) {
          table[i].push_back({route.starts, 1, row.protocol});
        }
      };
      switch (route.by) {
        case Route::By::ethertype:
          fill(ethertype_);
          break;
        case Route::By::udp:
          fill(udp_);
          break;
        case Route::By::tcp:
          fill(tcp_);
          break;
        case Route::By::sctp:
          fill(sctp_);
          break;
        case Route::By::sctp_payload:
          fill(sctp_payload_);
          break;
        case Route::By::llc:
          fill(llc_);
          break;
        case Route::By::ip_protocol:
          fill(ip_protocol_);
          break;
        case Route::By::icmpv6:
          fill(icmpv6_);
          break;
        case Route::By::wifi_management:
          fill(wifi_management_);
          break;
        case Route::By::snap:
          snap_.push_back({route.oui, static_cast<uint16_t>(route.low), row.protocol});
          break;
        case Route::By::udp_starts:
          starts(udp_starts_);
          break;
        case Route::By::tcp_starts:
          starts(tcp_starts_);
          break;
      }
    }
  }
  // The longest start that fits decides: "OPTIONS sip" before "OPTIONS ".
  for (Starts* table : {&udp_starts_, &tcp_starts_}) {
    for (auto& starts : *table) {
      std::ranges::stable_sort(starts, std::greater{},
                               [](const Start& s) { return s.text.size(); });
    }
  }
}

bool Dispatch::operator()(const Packet& packet, Emit& emit) {
  if (packet.payload.empty()) return false;
  Reader reader(packet.payload);
  Protocol protocol = protocol_of(packet);
  if (protocol == Protocol::ethernet) return false;
  Protocol inner = read(protocol, packet, reader, emit);
  if (enabled_[static_cast<size_t>(inner)]) read(inner, packet, reader, emit);
  return emit.wants_datagram();
}

/// Gives the protocol that goes on with what is left.
Protocol Dispatch::read(Protocol protocol, const Packet& packet, Reader& reader, Emit& emit) {
  Dissector dissect = dissector(protocol);
  if (dissect == nullptr) return Protocol::ethernet;
  size_t row = static_cast<size_t>(protocol);
  ++counters_.read[row];
  emit.begin(packet, protocol);
  dissect(packet, reader, emit);
  if (reader.ok() && !emit.is_malformed()) return emit.inner();
  ++(packet.cut ? counters_.cut : counters_.malformed)[row];
  return Protocol::ethernet;
}

Dispatch::Outcome Dispatch::would_read(const Packet& packet, Emit& emit) const {
  Protocol protocol = protocol_of(packet);
  Dissector dissect = dissector(protocol);
  if (dissect == nullptr) return Outcome::unknown;
  emit.begin(packet, protocol);
  emit.mute(true);
  Reader reader(packet.payload);
  dissect(packet, reader, emit);
  Protocol inner = emit.inner();
  if (reader.ok() && inner != Protocol::ethernet && enabled_[static_cast<size_t>(inner)]) {
    emit.begin(packet, inner);
    dissector(inner)(packet, reader, emit);
  }
  emit.mute(false);
  return reader.ok() && !emit.wants_more() ? Outcome::whole : Outcome::short_;
}

Protocol Dispatch::by_content(const Starts& starts, Bytes payload) {
  for (const Start& start : starts[payload[0]]) {
    if (as_text(payload).substr(start.at).starts_with(start.text)) return start.protocol;
  }
  return Protocol::ethernet;
}

Protocol Dispatch::protocol_of(const Packet& packet) const {
  if (packet.wifi_management) return wifi_management_[*packet.wifi_management];
  if (!packet.is_ip()) {
    if (packet.snap_oui != 0) {
      for (const Snap& snap : snap_) {
        if (snap.oui == packet.snap_oui && snap.number == packet.snap_number) return snap.protocol;
      }
      return Protocol::ethernet;
    }
    if (packet.is_untyped) return ethertype_[0];
    return packet.ethertype != 0 ? ethertype_[packet.ethertype] : llc_[packet.llc_sap];
  }
  if (packet.fragment) return Protocol::ethernet;
  auto first_of = [](Protocol a, Protocol b) { return a != Protocol::ethernet ? a : b; };
  // A client's port may be the very one that another protocol was given: the server's counts then.
  auto by_port = [&](const auto& table) {
    bool is_clients = packet.target_port >= kClientPorts && packet.source_port < kClientPorts;
    Protocol of_target = table[packet.target_port], of_source = table[packet.source_port];
    return is_clients ? first_of(of_source, of_target) : first_of(of_target, of_source);
  };
  switch (packet.ip_protocol) {
    case IPPROTO_UDP: {
      Protocol known = by_content(udp_starts_, packet.payload);
      return first_of(known, by_port(udp_));
    }
    case IPPROTO_TCP: {
      Protocol known = by_content(tcp_starts_, packet.payload);
      return first_of(known, by_port(tcp_));
    }
    case IPPROTO_SCTP: {
      uint32_t identifier = packet.sctp_payload;
      Protocol known =
          identifier < sctp_payload_.size() ? sctp_payload_[identifier] : Protocol::ethernet;
      return first_of(known, by_port(sctp_));
    }
    case IPPROTO_ICMPV6:
      return icmpv6_[packet.icmp_type];
    default:
      return ip_protocol_[packet.ip_protocol];
  }
}

}  // namespace tapwarden
