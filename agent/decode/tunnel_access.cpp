// SPDX-License-Identifier: Apache-2.0
// Tunnels between access points, concentrators and their controllers: CAPWAP, LWAPP, L2TP.
#include "decode/likeness.hpp"
#include "decode/tunnels.hpp"

namespace tapwarden {

namespace {

/// The first octet of 802.11 has its version, which is 0, at the end. Some controllers send the two
/// octets of the frame control the other way round: then there are the flags, of which data has at
/// least one, or nothing.
bool is_swapped(Bytes frame) {
  if (frame.size() < 2 || (frame[1] & 3) != 0) return false;
  return (frame[0] & 3) != 0 || (frame[0] == 0 && frame[1] != 0);
}

/// Version 3 tells in no message how long its cookie is, nor whether a sublayer follows: what looks
/// like a frame, from a station, at one of the four places is one.
Result pseudowire(uint32_t session, Reader& reader, const Packet& outer, Packet& inner) {
  if (!reader.ok()) return Undecoded::tunnel;
  inner = inside(outer, Tunnel::l2tp, session);
  Bytes octets = reader.peek();
  for (size_t at = 0; at <= 12 && at < octets.size(); at += 4) {
    Bytes frame = octets.subspan(at);
    if (!looks_like_ethernet(frame) || (frame[6] & 1) != 0) continue;
    reader.skip(at);
    return inner_ethernet(reader, inner);
  }
  return std::nullopt;
}

}  // namespace

Result capwap_data(Reader& reader, const Packet& outer, Packet& inner) {
  Bytes start = reader.peek();
  uint32_t head = reader.u32();
  if (!reader.ok() || head >> 28 != 0) return Undecoded::tunnel;
  inner = inside(outer, Tunnel::capwap, 0);
  bool is_encrypted = (head >> 24 & 0x0f) == 1;  // then DTLS follows the first four octets
  if (is_encrypted) {
    inner.opaque = Opaque::capwap;
    return std::nullopt;
  }
  reader.skip(2);
  uint16_t offset = reader.u16();
  size_t header = (head >> 19 & 0x1f) * size_t{4};
  if (!reader.ok() || header < 8 || header > start.size()) return Undecoded::tunnel;
  bool is_fragment = (head & 0x80) != 0;
  bool is_keep_alive = (head & 0x08) != 0;
  bool is_wifi = (head & 0x100) != 0;
  Bytes frame = start.subspan(header);
  if ((is_fragment && offset >> 3 != 0) || is_keep_alive || frame.empty()) return std::nullopt;
  if (is_fragment) inner.cut = true;
  Reader body(frame);
  return is_wifi ? decode_wifi(body, inner, is_swapped(frame)) : inner_ethernet(body, inner);
}

Result lwapp_data(Reader& reader, const Packet& outer, Packet& inner) {
  constexpr uint8_t kControl = 0x04;
  constexpr uint8_t kFragment = 0x02;
  uint8_t flags = reader.u8();
  reader.skip(1);  // fragment
  size_t size = reader.u16();
  reader.skip(2);  // signal, noise
  bool is_version_0 = flags >> 6 == 0;
  if (!reader.ok() || !is_version_0 || size > reader.size()) return Undecoded::tunnel;
  inner = inside(outer, Tunnel::lwapp, 0);
  Reader frame = reader.sub(size);
  if ((flags & (kControl | kFragment)) != 0 || frame.empty()) return std::nullopt;
  return decode_wifi(frame, inner, is_swapped(frame.peek()));
}

Result l2tp(Reader& reader, const Packet& outer, Packet& inner) {
  uint16_t flags = reader.u16();
  int version = flags & 0x0f;
  bool is_control = (flags & 0x8000) != 0;
  if (reader.ok() && version == 3) {
    if (is_control) {
      inner = inside(outer, Tunnel::l2tp, 0);
      return std::nullopt;
    }
    reader.skip(2);
    uint32_t session = reader.u32();
    return pseudowire(session, reader, outer, inner);
  }
  if (!reader.ok() || version != 2) return Undecoded::tunnel;
  if ((flags & 0x4000) != 0) reader.skip(2);  // length
  uint32_t session = reader.u32();            // tunnel and session
  if ((flags & 0x0800) != 0) reader.skip(4);  // sequence numbers
  if ((flags & 0x0200) != 0) reader.skip(reader.u16());
  if (!reader.ok()) return Undecoded::tunnel;
  inner = inside(outer, Tunnel::l2tp, session);
  return is_control || reader.empty() ? std::nullopt : decode_ppp(reader, inner);
}

Result l2tp_over_ip(Reader& reader, const Packet& outer, Packet& inner) {
  uint32_t session = reader.u32();
  if (reader.ok() && session == 0) {  // control
    inner = inside(outer, Tunnel::l2tp, 0);
    return std::nullopt;
  }
  return pseudowire(session, reader, outer, inner);
}

}  // namespace tapwarden
