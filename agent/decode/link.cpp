// SPDX-License-Identifier: Apache-2.0
// Link layers: Ethernet II and 802.3 with VLAN tags, Linux cooked v1 and v2, raw IP, loopback, and
// what stands before an 802.11 frame (radiotap, PPI).
#include "decode/decode.hpp"

namespace tapwarden {

namespace {

// LINKTYPE_ values; raw IP also has the numbers that different systems' libpcap used for it.
enum LinkType : int {
  kNull = 0,
  kEthernet = 1,
  kRaw12 = 12,
  kRaw14 = 14,
  kRaw = 101,
  kPpp = 9,
  kPppHdlc = 50,
  kCiscoHdlc = 104,
  kWifi = 105,
  kFrameRelay = 107,
  kLoop = 108,
  kLinuxCooked = 113,
  kRadiotap = 127,
  kIpv4 = 228,
  kIpv6 = 229,
  kPpi = 192,
  kLinuxCooked2 = 276,
};

enum EtherType : uint16_t {
  kLengthMax = 1500,  // up to here an 802.3 length
  kTypeMin = 0x0600,
  kTypeIpv4 = 0x0800,
  kTypeIpv6 = 0x86dd,
  kTypeVlan = 0x8100,      // 802.1Q
  kTypeProvider = 0x88a8,  // 802.1ad
  kTypeProviderOld = 0x9100,
};

std::optional<Undecoded> ethernet(Reader& reader, Packet& packet) {
  packet.target_mac = reader.mac();
  packet.source_mac = reader.mac();
  uint16_t type = reader.u16();
  if (!reader.ok()) return Undecoded::link_header;
  return decode_ethertype(type, reader, packet);
}

/// The address of a cooked header: a MAC only when it says that it has six octets.
void cooked_address(uint16_t size, Bytes address, Packet& packet) {
  if (size == 6 && address.size() == 8) packet.source_mac = Reader(address).mac();
}

/// SLL protocol numbers below 0x600 are Linux's own: 1 is 802.3 without LLC, 4 is 802.2.
std::optional<Undecoded> cooked_payload(uint16_t protocol, Reader& reader, Packet& packet) {
  if (protocol == 4) return decode_llc(reader, packet);
  if (protocol >= kTypeMin) return decode_ethertype(protocol, reader, packet);
  packet.payload = {};
  return std::nullopt;
}

std::optional<Undecoded> cooked(Reader& reader, Packet& packet) {
  reader.skip(4);  // packet type, ARPHRD
  uint16_t size = reader.u16();
  cooked_address(size, reader.take(8), packet);
  uint16_t protocol = reader.u16();
  if (!reader.ok()) return Undecoded::link_header;
  return cooked_payload(protocol, reader, packet);
}

std::optional<Undecoded> cooked2(Reader& reader, Packet& packet) {
  uint16_t protocol = reader.u16();
  reader.skip(2 + 4 + 2 + 1);  // reserved, interface, ARPHRD, packet type
  uint16_t size = reader.u8();
  cooked_address(size, reader.take(8), packet);
  if (!reader.ok()) return Undecoded::link_header;
  return cooked_payload(protocol, reader, packet);
}

std::optional<Undecoded> raw_ip(Reader& reader, Packet& packet) {
  if (reader.empty()) return Undecoded::link_header;
  int version = reader.peek()[0] >> 4;
  return version == 4 || version == 6 ? decode_ip(version, reader, packet) : Undecoded::link_header;
}

/// Four octets of address family in the byte order of the machine that captured, so both are tried:
/// the number is small. 2 is IPv4 everywhere; IPv6 is 10 (Linux), 23 (Windows), 24, 28 or 30 (the
/// BSDs, macOS).
std::optional<Undecoded> loopback(Reader& reader, Packet& packet) {
  uint32_t family = reader.u32();
  if (!reader.ok()) return Undecoded::link_header;
  if (family > 0xffff) family = __builtin_bswap32(family);
  switch (family) {
    case 2:
      return decode_ip(4, reader, packet);
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return decode_ip(6, reader, packet);
    default:
      packet.payload = reader.take_rest();
      return std::nullopt;
  }
}

/// An 802.11 frame behind a header that tells of its frame check sequence. One that the receiver
/// found damaged names addresses that nobody has.
std::optional<Undecoded> checked_wifi(bool has_fcs, bool is_damaged, Reader& reader,
                                      Packet& packet) {
  if (is_damaged) return Undecoded::checksum;
  if (has_fcs && reader.size() >= 4 && !packet.cut) reader = Reader(reader.take(reader.size() - 4));
  return decode_wifi(reader, packet);
}

/// Radiotap (radiotap.org): its length, and from the flags how it stands with the frame check
/// sequence.
std::optional<Undecoded> radiotap(Reader& reader, Packet& packet) {
  uint8_t version = reader.u8();
  reader.skip(1);
  uint16_t size = reader.u16le();
  if (!reader.ok() || version != 0 || size < 8) return Undecoded::link_header;
  Reader head = reader.sub(size - 4u);
  if (!reader.ok()) return Undecoded::link_header;
  uint32_t present = head.u32le();
  size_t behind = 8;
  for (uint32_t more = present; (more & 0x80000000) != 0 && head.ok(); behind += 4)
    more = head.u32le();
  if ((present & 1) != 0) head.skip((8 - behind % 8) % 8 + 8);  // TSFT, aligned to 8
  uint8_t flags = (present & 2) != 0 ? head.u8() : uint8_t{0};
  return checked_wifi((flags & 0x10) != 0, (flags & 0x40) != 0, reader, packet);
}

/// The flags of the first 802.11-Common field of a PPI header, 0 when it has none.
uint16_t ppi_flags(Reader fields) {
  while (fields.size() >= 4) {
    uint16_t type = fields.u16le();
    Reader field = fields.sub(fields.u16le());
    if (type != 2) continue;
    field.skip(8);  // TSF timer
    return field.u16le();
  }
  return 0;
}

/// Per-Packet Information (PPI 1.0.10): its length, the link type of what it wraps, and for 802.11
/// how it stands with the frame check sequence. It does not wrap itself.
std::optional<Undecoded> ppi(Reader& reader, Packet& packet) {
  reader.skip(2);
  uint16_t size = reader.u16le();
  uint32_t link_type = reader.u32le();
  if (!reader.ok() || size < 8) return Undecoded::link_header;
  Reader fields = reader.sub(size - 8u);
  if (!reader.ok()) return Undecoded::link_header;
  if (link_type == kWifi) {
    uint16_t flags = ppi_flags(fields);
    return checked_wifi((flags & 1) != 0, (flags & 4) != 0, reader, packet);
  }
  return link_type == kEthernet ? ethernet(reader, packet) : std::optional(Undecoded::link_type);
}

}  // namespace

std::optional<Undecoded> decode_link(int link_type, Reader& reader, Packet& packet) {
  switch (link_type) {
    case kEthernet:
      return ethernet(reader, packet);
    case kLinuxCooked:
      return cooked(reader, packet);
    case kLinuxCooked2:
      return cooked2(reader, packet);
    case kRaw12:
    case kRaw14:
    case kRaw:
      return raw_ip(reader, packet);
    case kIpv4:
      return decode_ip(4, reader, packet);
    case kIpv6:
      return decode_ip(6, reader, packet);
    case kNull:
    case kLoop:
      return loopback(reader, packet);
    case kPpp:
      return decode_ppp(reader, packet);
    case kPppHdlc:
    case kCiscoHdlc:
      return decode_hdlc(reader, packet);
    case kFrameRelay:
      return decode_frame_relay(reader, packet);
    case kRadiotap:
      return radiotap(reader, packet);
    case kPpi:
      return ppi(reader, packet);
    case kWifi:
      return decode_wifi(reader, packet);
    default:
      return is_wrapped(link_type) ? decode_wrapped(link_type, reader, packet)
                                   : std::optional(Undecoded::link_type);
  }
}

std::optional<Undecoded> decode_ethertype(uint16_t type, Reader& reader, Packet& packet) {
  while (type == kTypeVlan || type == kTypeProvider || type == kTypeProviderOld) {
    uint16_t tag = reader.u16();
    type = reader.u16();
    if (!reader.ok()) return Undecoded::link_header;
    uint16_t vlan = tag & 0x0fff;
    if (vlan == 0) continue;  // a priority tag: no VLAN
    if (packet.context.vlan_count == Context::vlans_max) return Undecoded::vlan_depth;
    packet.context.vlan[packet.context.vlan_count++] = vlan;
  }
  if (type == 0) {  // no length that LLC fits into; some makers' own frames have it as their type
    packet.is_untyped = true;
    packet.payload = reader.take_rest();
    return std::nullopt;
  }
  if (type <= kLengthMax) {
    Reader body(reader.take_up_to(type));  // what is behind the length is padding
    return decode_llc(body, packet);
  }
  if (type < kTypeMin) return Undecoded::llc;
  packet.ethertype = type;
  if (is_encapsulation(type)) return decode_encapsulation(type, reader, packet);
  if (type == kTypeIpv4) return decode_ip(4, reader, packet);
  if (type == kTypeIpv6) return decode_ip(6, reader, packet);
  packet.payload = reader.take_rest();
  return std::nullopt;
}

std::optional<Undecoded> decode_llc(Reader& reader, Packet& packet) {
  // SNAP may name a VLAN tag, behind which a length and LLC may stand again.
  if (++packet.encapsulations > Packet::encapsulations_max) return Undecoded::llc;
  uint8_t target_sap = reader.u8();
  uint8_t source_sap = reader.u8();
  if (!reader.ok()) return Undecoded::llc;
  packet.llc_sap = target_sap;
  if (target_sap == 0xff && source_sap == 0xff) {  // raw IPX without LLC
    packet.payload = reader.take_rest();
    return std::nullopt;
  }
  uint8_t control = reader.u8();
  if (!reader.ok()) return Undecoded::llc;
  if ((control & 3) != 3)
    reader.skip(1);  // only unnumbered frames have a control field of one octet
  if (target_sap != 0xaa || source_sap != 0xaa || control != 3) {
    packet.payload = reader.take_rest();
    return std::nullopt;
  }
  uint32_t oui = reader.u24();
  uint16_t number = reader.u16();
  if (!reader.ok()) return Undecoded::llc;
  if ((oui == 0 || oui == 0x0000f8) && number >= kTypeMin)
    return decode_ethertype(number, reader, packet);
  packet.snap_oui = oui;
  packet.snap_number = number;
  packet.payload = reader.take_rest();
  return std::nullopt;
}

}  // namespace tapwarden
