// SPDX-License-Identifier: Apache-2.0
// IPv4 (RFC 791), IPv6 with its extension headers (RFC 8200), and the transport headers behind
// them: UDP (RFC 768), TCP (RFC 9293), SCTP (RFC 9260), ICMPv6 (RFC 4443). The total length is
// believed only where it shortens.
#include <netinet/in.h>

#include "decode/decode.hpp"

namespace tapwarden {

namespace {

constexpr int kExtensionHeadersMax = 16;
constexpr int kChunksMax = 32;

std::optional<Undecoded> udp(Reader& reader, Packet& packet) {
  packet.source_port = reader.u16();
  packet.target_port = reader.u16();
  uint16_t size = reader.u16();
  reader.skip(2);
  // A length of 0 is a jumbogram or an offloaded segment: then the IP length is all there is.
  if (!reader.ok() || (size != 0 && size < 8)) return Undecoded::udp;
  packet.payload = size == 0 ? reader.take_rest() : reader.take_up_to(size - 8u);
  return std::nullopt;
}

std::optional<Undecoded> tcp(Reader& reader, Packet& packet) {
  packet.source_port = reader.u16();
  packet.target_port = reader.u16();
  packet.tcp_sequence = reader.u32();
  reader.skip(4);
  size_t header = (reader.u8() >> 4) * size_t{4};
  packet.tcp_flags = reader.u8();
  reader.skip(6);
  if (!reader.ok() || header < 20) return Undecoded::tcp;
  reader.skip(header - 20);
  if (!reader.ok()) return Undecoded::tcp;
  packet.payload = reader.take_rest();
  return std::nullopt;
}

/// The payload is that of the first DATA chunk that holds a whole message; those bundled behind it
/// are not read. A packet without one has none.
std::optional<Undecoded> sctp(Reader& reader, Packet& packet) {
  constexpr uint8_t kData = 0;
  constexpr uint8_t kWhole = 0x03;  // the first fragment of a message and the last
  packet.source_port = reader.u16();
  packet.target_port = reader.u16();
  reader.skip(8);  // verification tag, checksum
  if (!reader.ok()) return Undecoded::sctp;
  packet.payload = {};
  for (int i = 0; i < kChunksMax && !reader.empty(); ++i) {
    uint8_t type = reader.u8();
    uint8_t flags = reader.u8();
    size_t size = reader.u16();
    if (!reader.ok() || size < 4) break;
    Reader chunk(reader.take_up_to(size - 4));
    reader.take_up_to((4 - size % 4) % 4);
    if (type != kData || (flags & kWhole) != kWhole) continue;
    chunk.skip(8);  // transmission and stream sequence numbers, stream
    uint32_t identifier = chunk.u32();
    if (!chunk.ok()) break;
    packet.sctp_payload = identifier;
    packet.payload = chunk.take_rest();
    break;
  }
  return std::nullopt;
}

/// The payload keeps the ICMPv6 header: the type is the dissector's to read.
std::optional<Undecoded> icmpv6(Reader& reader, Packet& packet) {
  if (reader.size() < 4) return Undecoded::icmpv6;
  packet.icmp_type = reader.peek()[0];
  packet.payload = reader.take_rest();
  return std::nullopt;
}

std::optional<Undecoded> transport(Reader& reader, Packet& packet) {
  if (packet.fragment) {
    packet.payload = reader.take_rest();
    return std::nullopt;
  }
  switch (packet.ip_protocol) {
    case IPPROTO_UDP:
      return udp(reader, packet);
    case IPPROTO_TCP:
      return tcp(reader, packet);
    case IPPROTO_SCTP:
      return sctp(reader, packet);
    case IPPROTO_ESP:
      packet.opaque = Opaque::esp;
      return std::nullopt;
    case IPPROTO_ICMPV6:
      return icmpv6(reader, packet);
    default:
      packet.payload = reader.take_rest();
      return std::nullopt;
  }
}

/// A datagram that is in one piece, though it has the header for it, is no fragment (RFC 6946).
void note_fragment(uint16_t offset, bool more, uint32_t id, Packet& packet) {
  packet.fragment = offset != 0 || more;
  packet.more_fragments = more;
  packet.fragment_offset = offset;
  packet.fragment_id = id;
}

std::optional<Undecoded> ipv4(Reader& reader, Packet& packet) {
  uint8_t first = reader.u8();
  size_t header = (first & 15) * size_t{4};
  reader.skip(1);
  uint16_t total = reader.u16();
  uint16_t id = reader.u16();
  uint16_t fragment = reader.u16();
  uint8_t hop_limit = reader.u8();
  uint8_t protocol = reader.u8();
  reader.skip(2);
  IpAddress source = reader.ipv4();
  IpAddress target = reader.ipv4();
  if (!reader.ok() || first >> 4 != 4 || header < 20 || (total != 0 && total < header))
    return Undecoded::ipv4;
  reader.skip(header - 20);
  if (!reader.ok()) return Undecoded::ipv4;
  packet.source_ip = source;
  packet.target_ip = target;
  packet.hop_limit = hop_limit;
  packet.ip_protocol = protocol;
  note_fragment(static_cast<uint16_t>(fragment << 3), (fragment & 0x2000) != 0, id, packet);
  // A total length of 0 is what segmentation offload leaves; behind a real one there is only
  // padding.
  Reader body(total == 0 ? reader.take_rest() : reader.take_up_to(total - header));
  return transport(body, packet);
}

/// Walks the extension headers (RFC 8200, section 4) to the transport; false when one runs over the
/// end.
bool extension_headers(Reader& reader, Packet& packet, uint8_t next) {
  for (int i = 0; i <= kExtensionHeadersMax; ++i) {
    packet.ip_protocol = next;
    switch (next) {
      case IPPROTO_HOPOPTS:
      case IPPROTO_ROUTING:
      case IPPROTO_DSTOPTS:
      case 135: {  // mobility, RFC 6275
        next = reader.u8();
        reader.skip(reader.u8() * size_t{8} + 6);
        break;
      }
      case IPPROTO_AH: {  // RFC 4302: length in units of four octets, less two
        next = reader.u8();
        reader.skip((reader.u8() + size_t{2}) * 4 - 2);
        break;
      }
      case IPPROTO_FRAGMENT: {
        next = reader.u8();
        reader.skip(1);
        uint16_t offset = reader.u16();
        note_fragment(offset & 0xfff8, (offset & 1) != 0, reader.u32(), packet);
        packet.ip_protocol = next;
        if (packet.fragment) return reader.ok();
        break;
      }
      default:
        return true;
    }
    if (!reader.ok()) return false;
  }
  return false;
}

std::optional<Undecoded> ipv6(Reader& reader, Packet& packet) {
  uint32_t first = reader.u32();
  uint16_t size = reader.u16();
  uint8_t next = reader.u8();
  uint8_t hop_limit = reader.u8();
  IpAddress source = reader.ipv6();
  IpAddress target = reader.ipv6();
  if (!reader.ok() || first >> 28 != 6) return Undecoded::ipv6;
  packet.source_ip = source;
  packet.target_ip = target;
  packet.hop_limit = hop_limit;
  Reader body(size == 0 ? reader.take_rest() : reader.take_up_to(size));
  if (!extension_headers(body, packet, next)) return Undecoded::ipv6;
  return transport(body, packet);
}

}  // namespace

std::optional<Undecoded> decode_transport(Packet& packet) {
  Reader reader(packet.payload);
  bool is_v6 = packet.source_ip.is_v6();
  if (is_v6 && !extension_headers(reader, packet, packet.ip_protocol)) return Undecoded::ipv6;
  return transport(reader, packet);
}

std::optional<Undecoded> decode_ip(int version, Reader& reader, Packet& packet) {
  return version == 4 ? ipv4(reader, packet) : ipv6(reader, packet);
}

}  // namespace tapwarden
