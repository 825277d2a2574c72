// SPDX-License-Identifier: Apache-2.0
// What a capturing system puts before the frame: Apple's PKTAP (LINKTYPE_PKTAP, and USER2 before
// it had a number) and the headers of Juniper's link types, as libpcap's readers take them.
#include "decode/decode.hpp"

namespace tapwarden {

namespace {

enum LinkType : int {
  kEthernet = 1,
  kPpp = 9,
  kRaw = 101,
  kCiscoHdlc = 104,
  kFrameRelay = 107,
  kUser2 = 149,
  kJuniperEthernet = 178,
  kJuniperPpp = 179,
  kJuniperFrameRelay = 180,
  kJuniperHdlc = 181,
  kPktap = 258,
};

constexpr uint32_t kPktapSize = 108;
constexpr uint32_t kPktapSizeMax = 512;

/// Its length, that a packet follows, and of what link type; the rest tells of the process.
std::optional<Undecoded> pktap(int link_type, Reader& reader, Packet& packet) {
  uint32_t size = reader.u32le();
  uint32_t next = reader.u32le();
  uint32_t type = reader.u32le();
  bool is_pktap = reader.ok() && size >= kPktapSize && size <= kPktapSizeMax && next <= 1;
  // USER2 is anybody's.
  if (!is_pktap) return link_type == kUser2 ? Undecoded::link_type : Undecoded::link_header;
  reader.skip(size - 12);
  if (!reader.ok()) return Undecoded::link_header;
  if (next == 0) return std::nullopt;
  if (type > 0xffff || is_wrapped(static_cast<int>(type))) return Undecoded::link_type;
  return decode_link(static_cast<int>(type), reader, packet);
}

int inner_type(int link_type) {
  switch (link_type) {
    case kJuniperPpp:
      return kPpp;
    case kJuniperFrameRelay:
      return kFrameRelay;
    case kJuniperHdlc:
      return kCiscoHdlc;
    default:
      return kEthernet;
  }
}

/// A mark, flags, extensions of any length, then the frame; or, where the flags say that its link
/// header is gone, four octets and IP.
std::optional<Undecoded> juniper(int link_type, Reader& reader, Packet& packet) {
  constexpr uint32_t kMark = 0x4d4743;
  constexpr uint8_t kNoLinkHeader = 0x02;
  constexpr uint8_t kExtended = 0x80;
  uint32_t mark = reader.u24();
  uint8_t flags = reader.u8();
  if (!reader.ok() || mark != kMark) return Undecoded::link_header;
  if ((flags & kExtended) != 0) reader.skip(reader.u16());
  bool is_bare = (flags & kNoLinkHeader) != 0;
  if (is_bare) reader.skip(4);
  if (!reader.ok()) return Undecoded::link_header;
  return decode_link(is_bare ? kRaw : inner_type(link_type), reader, packet);
}

}  // namespace

bool is_wrapped(int link_type) {
  switch (link_type) {
    case kUser2:
    case kPktap:
    case kJuniperEthernet:
    case kJuniperPpp:
    case kJuniperFrameRelay:
    case kJuniperHdlc:
      return true;
    default:
      return false;
  }
}

std::optional<Undecoded> decode_wrapped(int link_type, Reader& reader, Packet& packet) {
  bool is_pktap = link_type == kPktap || link_type == kUser2;
  return is_pktap ? pktap(link_type, reader, packet) : juniper(link_type, reader, packet);
}

}  // namespace tapwarden
