// SPDX-License-Identifier: Apache-2.0
// Tunnels: what a decoded packet carries as a packet of its own. Each header is read as its
// standard says; what a tunnel encrypts is counted and left alone.
#include <netinet/in.h>

#include "decode/likeness.hpp"
#include "decode/tunnels.hpp"

namespace tapwarden {

namespace {

constexpr uint16_t kTransparentEthernet = 0x6558;

enum Port : uint16_t {
  kL2tp = 1701,
  kGtpUser = 2152,
  kTeredo = 3544,
  kGreInUdp = 4754,
  kVxlan = 4789,
  kVxlanGeneric = 4790,
  kVxlanLinux = 8472,
  kCapwapData = 5247,
  kGeneve = 6081,
  kLwappData = 12222,
  kMplsInUdp = 6635,
  kTzsp = 37008,
};

/// ERSPAN (draft-foschiano-erspan): type I has no header of its own, II has 8 octets, III 12 and an
/// optional 8.
Result erspan(uint16_t type, bool has_sequence, Reader& reader, const Packet& outer,
              Packet& inner) {
  uint32_t session = 0;
  if (type == 0x22eb) {
    session = reader.u32() & 0x3ff;
    reader.skip(6);
    uint16_t kind = reader.u16();
    bool has_platform_header = (kind & 1) != 0;
    if (has_platform_header) reader.skip(8);
    bool is_ip = (kind >> 10 & 0x1f) == 2;
    if (is_ip) {
      inner = inside(outer, Tunnel::erspan, session);
      return inner_ip(reader, inner);
    }
  } else if (has_sequence) {
    session = reader.u32() & 0x3ff;
    reader.skip(4);
  }
  if (!reader.ok()) return Undecoded::tunnel;
  inner = inside(outer, Tunnel::erspan, session);
  return inner_ethernet(reader, inner);
}

/// NVGRE (RFC 7637) has a flow's number in the last octet of the key, which must not make one host
/// many. Its networks begin at 0x1000: a smaller key is a tunnel's own.
uint32_t network_of(uint32_t key) { return key >> 8 > 0xfff ? key >> 8 : key; }

/// The route of RFC 1701, to its empty last entry.
void skip_route(Reader& reader) {
  for (bool is_last = false; !is_last && reader.ok();) {
    uint16_t family = reader.u16();
    reader.skip(1);
    uint8_t size = reader.u8();
    reader.skip(size);
    is_last = family == 0 && size == 0;
  }
}

/// GRE (RFC 2784, 2890), also in UDP (RFC 8086), and its version 1 for PPTP (RFC 2637).
Result gre(Reader& reader, const Packet& outer, Packet& inner) {
  uint16_t flags = reader.u16();
  uint16_t type = reader.u16();
  uint32_t key = 0;
  bool has_sequence = (flags & 0x1000) != 0;
  bool has_route = (flags & 0x4000) != 0;
  if ((flags & 0x8000) != 0 || has_route) reader.skip(4);  // checksum, offset
  if ((flags & 0x2000) != 0) key = reader.u32();
  if (has_sequence) reader.skip(4);
  if (has_route) skip_route(reader);
  if ((flags & 7) > 1) return Undecoded::tunnel;
  if ((flags & 7) == 1) {
    if ((flags & 0x0080) != 0) reader.skip(4);  // acknowledgement
    key &= 0xffff;                              // below the payload's length stands the call
  }
  if (!reader.ok()) return Undecoded::tunnel;
  if (type == 0x88be || type == 0x22eb) return erspan(type, has_sequence, reader, outer, inner);
  bool is_ethernet = type == kTransparentEthernet;
  inner = inside(outer, Tunnel::gre, is_ethernet ? network_of(key) : key);
  if (reader.empty()) return std::nullopt;
  if (is_ethernet) return inner_ethernet(reader, inner);
  if (type == 0x880b) return decode_ppp(reader, inner);
  bool is_wireless_controller = type >= 0x8200 && type <= 0x83ff;  // one maker's own: 802.11 frames
  if (is_wireless_controller) return decode_wifi(reader, inner);
  if (type < 0x0600) return std::nullopt;  // keep-alives, and what has no EtherType
  return decode_ethertype(type, reader, inner);
}

/// VXLAN (RFC 7348), also with a group policy. The I flag must be set. The reserved bits are to be
/// overlooked, but where they are set it may be another protocol that came to this port by chance:
/// then there must be IP or ARP inside.
Result vxlan(Reader& reader, const Packet& outer, Packet& inner) {
  uint32_t flags = reader.u32();
  uint32_t network = reader.u32();
  if (!reader.ok() || (flags & 0x08000000) == 0) return Undecoded::tunnel;
  uint32_t known = (flags & 0x80000000) != 0 ? 0x8848ffff : 0x08000000;
  bool is_odd = (flags & ~known) != 0 || (network & 0xff) != 0;
  inner = inside(outer, Tunnel::vxlan, network >> 8);
  Result undecoded = inner_ethernet(reader, inner);
  return is_odd && !inner.source_ip && inner.ethertype != 0x0806 ? Undecoded::tunnel : undecoded;
}

/// Geneve (RFC 8926).
Result geneve(Reader& reader, const Packet& outer, Packet& inner) {
  uint8_t first = reader.u8();
  reader.skip(1);
  uint16_t type = reader.u16();
  uint32_t network = reader.u32() >> 8;
  reader.skip((first & 0x3f) * size_t{4});
  if (!reader.ok() || first >> 6 != 0) return Undecoded::tunnel;
  inner = inside(outer, Tunnel::geneve, network);
  return type == kTransparentEthernet ? inner_ethernet(reader, inner)
                                      : decode_ethertype(type, reader, inner);
}

/// VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe): like VXLAN, and a field says what is inside.
Result vxlan_generic(Reader& reader, const Packet& outer, Packet& inner) {
  uint8_t flags = reader.u8();
  reader.skip(2);
  uint8_t next = reader.u8();
  uint32_t network = reader.u32() >> 8;
  bool is_version_0 = (flags & 0x30) == 0;
  bool has_network = (flags & 0x08) != 0;
  if (!reader.ok() || !is_version_0 || !has_network) return Undecoded::tunnel;
  inner = inside(outer, Tunnel::vxlan, network);
  bool names_next = (flags & 0x04) != 0;
  return names_next ? decode_next_protocol(next, reader, inner) : inner_ethernet(reader, inner);
}

/// GTP-U (3GPP TS 29.281): only G-PDUs carry packets, or frames in sessions of Ethernet (TS 23.501,
/// 5.6.10.2), which nothing in the message says.
Result gtp_user(Reader& reader, const Packet& outer, Packet& inner) {
  uint8_t flags = reader.u8();
  uint8_t type = reader.u8();
  reader.skip(2);
  uint32_t endpoint = reader.u32();
  uint8_t next = 0;
  if ((flags & 0x07) != 0) {
    reader.skip(3);
    uint8_t extension = reader.u8();
    if ((flags & 0x04) != 0) next = extension;  // without the E flag it says nothing
  }
  for (int i = 0; next != 0 && reader.ok() && i < 8; ++i) {
    size_t size = reader.u8() * size_t{4};
    if (size < 4) return Undecoded::tunnel;
    reader.skip(size - 2);
    next = reader.u8();
  }
  if (!reader.ok() || next != 0 || flags >> 5 != 1 || (flags & 0x10) == 0) return Undecoded::tunnel;
  inner = inside(outer, Tunnel::gtp, endpoint);
  if (type != 0xff || reader.empty()) return std::nullopt;
  Bytes octets = reader.peek();
  bool is_frame = !looks_like_ipv4(octets) && octets[0] >> 4 != 6 && looks_like_ethernet(octets);
  return is_frame ? inner_ethernet(reader, inner) : inner_ip(reader, inner);
}

/// TZSP (as read by its public dissectors): tags up to the end tag, then a frame of the named kind.
Result tzsp(Reader& reader, const Packet& outer, Packet& inner) {
  uint8_t version = reader.u8();
  reader.skip(1);
  uint16_t encapsulation = reader.u16();
  if (!reader.ok() || version != 1) return Undecoded::tunnel;
  while (reader.ok() && !reader.empty()) {
    uint8_t tag = reader.u8();
    if (tag == 1) break;
    if (tag != 0) reader.skip(reader.u8());
  }
  inner = inside(outer, Tunnel::tzsp, 0);
  if (!reader.ok()) return Undecoded::tunnel;
  if (reader.empty()) return std::nullopt;
  if (encapsulation == 1) return inner_ethernet(reader, inner);
  return encapsulation == 18 ? decode_wifi(reader, inner) : std::nullopt;
}

/// Teredo (RFC 4380, section 5.1.1): authentication and origin before the IPv6 packet.
Result teredo(Reader& reader, const Packet& outer, Packet& inner) {
  for (int i = 0; i < 2 && reader.size() >= 4 && reader.peek()[0] == 0; ++i) {
    uint16_t indicator = reader.u16();
    if (indicator == 1) {
      size_t id = reader.u8();
      size_t authentication = reader.u8();
      reader.skip(id + authentication + 9);
    } else if (indicator == 0) {
      reader.skip(6);
    } else {
      return Undecoded::tunnel;
    }
  }
  inner = inside(outer, Tunnel::teredo, 0);
  if (!reader.ok() || reader.empty() || reader.peek()[0] >> 4 != 6) return Undecoded::tunnel;
  return decode_ip(6, reader, inner);
}

Result mpls(Reader& reader, const Packet& outer, Packet& inner) {
  inner = inside(outer, Tunnel::mpls, 0);
  return decode_ethertype(0x8847, reader, inner);
}

using Enter = Result (*)(Reader&, const Packet&, Packet&);

Enter by_port(uint16_t port) {
  switch (port) {
    case kVxlan:
    case kVxlanLinux:
      return vxlan;
    case kVxlanGeneric:
      return vxlan_generic;
    case kLwappData:
      return lwapp_data;
    case kGeneve:
      return geneve;
    case kGtpUser:
      return gtp_user;
    case kTzsp:
      return tzsp;
    case kCapwapData:
      return capwap_data;
    case kL2tp:
      return l2tp;
    case kTeredo:
      return teredo;
    case kMplsInUdp:
      return mpls;
    case kGreInUdp:
      return gre;
    default:
      return nullptr;
  }
}

Enter by_ip_protocol(const Packet& packet) {
  switch (packet.ip_protocol) {
    case IPPROTO_IPIP:
    case IPPROTO_IPV6:
      return [](Reader& reader, const Packet& outer, Packet& inner) {
        inner = inside(outer, Tunnel::ip, 0);
        return inner_ip(reader, inner);
      };
    case IPPROTO_GRE:
      return gre;
    case 115:
      return l2tp_over_ip;
    case 137:  // MPLS in IP, RFC 4023
      return mpls;
    case 97:  // EtherIP, RFC 3378
      return [](Reader& reader, const Packet& outer, Packet& inner) {
        inner = inside(outer, Tunnel::ip, 0);
        if (reader.u16() >> 12 != 3) return std::optional(Undecoded::tunnel);
        return inner_ethernet(reader, inner);
      };
    case IPPROTO_UDP: {
      // Content has no mark in most of these, so the port decides; GTP-U answers may come from any.
      Enter enter = by_port(packet.target_port);
      bool answers_from_port = packet.source_port == kL2tp || packet.source_port == kTeredo ||
                               packet.source_port == kCapwapData ||
                               packet.source_port == kLwappData;
      return enter == nullptr && answers_from_port ? by_port(packet.source_port) : enter;
    }
    default:
      return nullptr;
  }
}

}  // namespace

Packet inside(const Packet& outer, Tunnel tunnel, uint32_t id) {
  Packet inner;
  inner.time = outer.time;
  inner.frame = outer.frame;
  inner.source = outer.source;
  inner.cut = outer.cut;
  inner.context.tap = outer.context.tap;
  inner.context.tunnel = tunnel;
  inner.context.tunnel_id = id;
  return inner;
}

Result inner_ethernet(Reader& reader, Packet& inner) { return decode_link(1, reader, inner); }

Result inner_ip(Reader& reader, Packet& inner) {
  if (reader.empty()) return Undecoded::tunnel;
  int version = reader.peek()[0] >> 4;
  return version == 4 || version == 6 ? decode_ip(version, reader, inner)
                                      : std::optional(Undecoded::tunnel);
}

Decoder::Inner Decoder::enter(Packet& packet) {
  if (!samples_.is_open() && samples_.open(packet)) return Inner::none;
  bool has_payload = !packet.payload.empty() && !packet.fragment;
  Enter decode = has_payload ? by_ip_protocol(packet) : nullptr;
  if (!packet.is_pseudowire && decode == nullptr) return Inner::none;
  Packet inner = inside(packet, Tunnel::mpls, packet.mpls_label);
  Reader reader(packet.payload);
  Result undecoded =
      packet.is_pseudowire ? inner_ethernet(reader, inner) : decode(reader, packet, inner);
  bool has_sender = inner.source_mac || inner.source_ip || inner.is_pseudowire;
  // Behind a UDP port there may be anything: what does not fit to its end is no tunnel, and names
  // nobody. An IP protocol or a label is the tunnel's own word, and the capture may have cut the
  // rest.
  bool is_port_alone = !packet.is_pseudowire && packet.ip_protocol == IPPROTO_UDP && !packet.cut;
  if (undecoded && (*undecoded == Undecoded::tunnel || is_port_alone || !has_sender)) {
    ++counters_.tunnels_malformed;
    return Inner::none;
  }
  if (!has_sender) {  // keep-alives and control, or hidden
    if (inner.opaque != Opaque::none) count_opaque(inner);
    return Inner::none;
  }
  ++counters_.tunnelled[static_cast<size_t>(inner.context.tunnel)];
  count_opaque(inner);
  if (undecoded) inner.payload = {};
  packet = inner;
  return undecoded ? Inner::broken : Inner::whole;
}

Decoder::Inner Decoder::next_sample(Packet& packet) {
  while (std::optional<Samples::Sample> sample = samples_.next()) {
    Packet inner = inside(samples_.outer(), samples_.kind(), 0);
    inner.cut = inner.cut || sample->is_cut;
    Reader reader(sample->octets);
    Result undecoded = decode_link(sample->link_type, reader, inner);
    if (!inner.source_mac && !inner.source_ip) {
      ++counters_.tunnels_malformed;
      continue;
    }
    ++counters_.tunnelled[static_cast<size_t>(samples_.kind())];
    count_opaque(inner);
    if (undecoded) inner.payload = {};
    packet = inner;
    return undecoded ? Inner::broken : Inner::whole;
  }
  if (samples_.take_malformed()) ++counters_.tunnels_malformed;
  return Inner::none;
}

}  // namespace tapwarden
