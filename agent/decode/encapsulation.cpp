// SPDX-License-Identifier: Apache-2.0
// Headers between a frame and its packet: MPLS, PPPoE and PPP, HDLC, Frame Relay, 802.1ah, VN-tag,
// FabricPath, NSH. Each may stand before another, so their number in one frame is bounded.
#include "decode/decode.hpp"
#include "decode/likeness.hpp"

namespace tapwarden {

namespace {

constexpr int kLabelsMax = 16;

enum EtherType : uint16_t {
  kMpls = 0x8847,
  kMplsMulticast = 0x8848,
  kPppoeSession = 0x8864,
  kNsh = 0x894f,
  kMacsec = 0x88e5,
  kBackbone = 0x88e7,
  kFabricPath = 0x8903,
  kVnTag = 0x8926,
};

/// MPLS (RFC 3032): labels to the bottom of the stack; then IP by its version, or an Ethernet
/// pseudowire (RFC 4448) with or without a control word.
std::optional<Undecoded> mpls(Reader& reader, Packet& packet) {
  bool is_bottom = false;
  for (int i = 0; !is_bottom && i < kLabelsMax; ++i) {
    uint32_t entry = reader.u32();
    is_bottom = (entry & 0x100) != 0;
    packet.mpls_label = entry >> 12;
    if (!reader.ok()) return Undecoded::mpls;
  }
  if (!is_bottom || reader.empty()) return Undecoded::mpls;
  packet.was_routed = true;
  Bytes start = reader.peek();
  int version = start[0] >> 4;
  // A pseudowire without a control word may open with a MAC that looks like an IP version (RFC
  // 4448, section 4.4): the checksum tells.
  bool is_ip = version == 4 || version == 6;
  if (is_ip && (looks_like_ipv4(start) || !looks_like_ethernet(start)))
    return decode_ip(version, reader, packet);
  bool has_control_word = version == 0 && start.size() > 4 && looks_like_ethernet(start.subspan(4));
  if (has_control_word) reader.skip(4);
  packet.is_pseudowire = has_control_word || looks_like_ethernet(start);
  packet.payload = reader.take_rest();
  return std::nullopt;
}

/// PPPoE session stage (RFC 2516, section 6).
std::optional<Undecoded> pppoe(Reader& reader, Packet& packet) {
  uint8_t version_and_type = reader.u8();
  reader.skip(3);
  uint16_t size = reader.u16();
  if (!reader.ok() || version_and_type != 0x11) return Undecoded::ppp;
  Reader body(reader.take_up_to(size));
  return decode_ppp(body, packet);
}

std::optional<Undecoded> ethernet(Reader& reader, Packet& packet) {
  return decode_link(1, reader, packet);
}

/// Network Service Header (RFC 8300): between a tunnel or an EtherType and the packet.
std::optional<Undecoded> network_service(Reader& reader, Packet& packet) {
  uint16_t head = reader.u16();
  reader.skip(1);  // metadata's kind
  uint8_t next = reader.u8();
  size_t size = (head & 0x3f) * size_t{4};
  if (!reader.ok() || head >> 14 != 0 || size < 8) return Undecoded::link_header;
  reader.skip(size - 4);
  if (!reader.ok()) return Undecoded::link_header;
  return decode_next_protocol(next, reader, packet);
}

/// What a SNAP header on Frame Relay names: a bridged frame (RFC 2427, section 4.2), or as on LANs.
std::optional<Undecoded> frame_relay_snap(Reader& reader, Packet& packet) {
  constexpr uint32_t kBridged = 0x0080c2;
  uint32_t oui = reader.u24();
  uint16_t type = reader.u16();
  if (!reader.ok()) return Undecoded::link_header;
  if (oui == 0 && type >= 0x0600) return decode_ethertype(type, reader, packet);
  bool has_check = type == 1;
  if (oui == kBridged && (has_check || type == 7)) {
    if (has_check && !packet.cut && reader.size() > 4)
      reader = Reader(reader.take(reader.size() - 4));
    return ethernet(reader, packet);
  }
  packet.snap_oui = oui;
  packet.snap_number = type;
  packet.payload = reader.take_rest();
  return std::nullopt;
}

}  // namespace

bool is_encapsulation(uint16_t ethertype) {
  switch (ethertype) {
    case kMpls:
    case kMplsMulticast:
    case kPppoeSession:
    case kMacsec:
    case kBackbone:
    case kFabricPath:
    case kVnTag:
    case kNsh:
      return true;
    default:
      return false;
  }
}

std::optional<Undecoded> decode_encapsulation(uint16_t ethertype, Reader& reader, Packet& packet) {
  if (++packet.encapsulations > Packet::encapsulations_max) return Undecoded::link_header;
  switch (ethertype) {
    case kMpls:
    case kMplsMulticast:
      return mpls(reader, packet);
    case kPppoeSession:
      return pppoe(reader, packet);
    case kBackbone:  // 802.1ah: I-TAG, then the customer's frame
      reader.skip(4);
      return ethernet(reader, packet);
    case kFabricPath:  // the outer addresses are the fabric's own; the host's frame follows the tag
      reader.skip(2);
      return ethernet(reader, packet);
    case kNsh:
      return network_service(reader, packet);
    case kVnTag: {
      reader.skip(4);
      uint16_t type = reader.u16();
      return reader.ok() ? decode_ethertype(type, reader, packet)
                         : std::optional(Undecoded::link_header);
    }
    default:
      packet.opaque = Opaque::macsec;
      return std::nullopt;
  }
}

std::optional<Undecoded> decode_next_protocol(uint8_t next, Reader& reader, Packet& packet) {
  switch (next) {
    case 1:
      return decode_ip(4, reader, packet);
    case 2:
      return decode_ip(6, reader, packet);
    case 3:
      return ethernet(reader, packet);
    case 4:
      return decode_encapsulation(kNsh, reader, packet);
    case 5:
      return decode_encapsulation(kMpls, reader, packet);
    default:
      packet.payload = reader.take_rest();
      return std::nullopt;
  }
}

std::optional<Undecoded> decode_ppp(Reader& reader, Packet& packet) {
  if (++packet.encapsulations > Packet::encapsulations_max) return Undecoded::ppp;
  Bytes start = reader.peek(2);
  if (start.size() == 2 && start[0] == 0xff && start[1] == 0x03) reader.skip(2);
  uint16_t protocol = reader.u8();
  if ((protocol & 1) == 0)
    protocol = static_cast<uint16_t>(protocol << 8 | reader.u8());  // RFC 1661, section 2
  if (!reader.ok()) return Undecoded::ppp;
  switch (protocol) {
    case 0x0021:
      return decode_ip(4, reader, packet);
    case 0x0057:
      return decode_ip(6, reader, packet);
    case 0x0281:
      return decode_encapsulation(kMpls, reader, packet);
    default:
      packet.payload = reader.take_rest();
      return std::nullopt;  // negotiation and what nobody here reads
  }
}

std::optional<Undecoded> decode_hdlc(Reader& reader, Packet& packet) {
  Bytes start = reader.peek(2);
  bool is_cisco = start.size() == 2 && (start[0] == 0x0f || start[0] == 0x8f);
  if (!is_cisco) return decode_ppp(reader, packet);
  reader.skip(2);
  uint16_t type = reader.u16();
  if (!reader.ok()) return Undecoded::link_header;
  if (type >= 0x0600) return decode_ethertype(type, reader, packet);
  packet.payload = reader.take_rest();
  return std::nullopt;
}

std::optional<Undecoded> decode_frame_relay(Reader& reader, Packet& packet) {
  bool is_last = false;
  for (int i = 0; !is_last && i < 4; ++i) is_last = (reader.u8() & 1) != 0;  // address field, Q.922
  if (!reader.ok() || !is_last) return Undecoded::link_header;
  // Some bridge without any header: then the address of a frame stands where the control field
  // does.
  if (looks_like_ethernet(reader.peek()) && reader.peek()[0] == 0) return ethernet(reader, packet);
  uint8_t control = reader.u8();
  if (!reader.ok()) return Undecoded::link_header;
  if (control != 3) {
    packet.payload = reader.take_rest();
    return std::nullopt;
  }
  uint8_t identifier = reader.u8();
  if (identifier == 0) identifier = reader.u8();  // padding
  if (!reader.ok()) return Undecoded::link_header;
  if (identifier == 0xcc) return decode_ip(4, reader, packet);
  if (identifier == 0x8e) return decode_ip(6, reader, packet);
  if (identifier == 0x80) return frame_relay_snap(reader, packet);
  packet.payload = reader.take_rest();
  return std::nullopt;
}

}  // namespace tapwarden
