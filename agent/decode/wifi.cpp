// SPDX-License-Identifier: Apache-2.0
// 802.11 MAC headers (IEEE 802.11-2020, clause 9): who sent the frame, who put it on the air, and
// what an unprotected data frame carries.
#include "decode/decode.hpp"

namespace tapwarden {

namespace {

enum FrameType : uint8_t { kManagement = 0, kControl = 1, kData = 2 };

/// Of the control frames only these name their transmitter: RTS, PS-Poll, block acknowledgement and
/// its request, VHT NDP announcement, CF-End.
bool names_transmitter(uint8_t subtype) {
  return subtype == 5 || subtype == 8 || subtype == 9 || subtype == 10 || subtype == 11 ||
         subtype == 14 || subtype == 15;
}

std::optional<Undecoded> data_frame(uint8_t subtype, uint16_t control, Reader& reader,
                                    Packet& packet, const Mac (&address)[3], bool is_first) {
  bool to_ds = (control & 0x0100) != 0;
  bool from_ds = (control & 0x0200) != 0;
  packet.target_mac = to_ds ? address[2] : address[0];
  packet.source_mac = from_ds ? address[2] : address[1];
  packet.transmitter_mac = address[1];
  if (to_ds && from_ds) packet.source_mac = reader.mac();
  bool qos = (subtype & 0x8) != 0;
  uint16_t qos_control = qos ? reader.u16le() : uint16_t{0};
  if (qos && (control & 0x8000) != 0) reader.skip(4);  // HT control
  if (!reader.ok()) return Undecoded::link_header;
  bool no_data = (subtype & 0x4) != 0;
  bool is_protected = (control & 0x4000) != 0;
  if (is_protected) packet.opaque = Opaque::wifi;
  bool is_aggregate = (qos_control & 0x80) != 0;
  if (no_data || is_protected || is_aggregate || !is_first || reader.size() < 8)
    return std::nullopt;
  if ((control & 0x0400) != 0) packet.cut = true;  // the rest is in fragments to come
  return decode_llc(reader, packet);
}

std::optional<Undecoded> management_frame(uint8_t subtype, uint16_t control, Reader& reader,
                                          Packet& packet) {
  bool is_protected = (control & 0x4000) != 0;
  if (is_protected) {
    packet.opaque = Opaque::wifi;
    return std::nullopt;
  }
  if ((control & 0x8000) != 0) reader.skip(4);  // HT control
  if (!reader.ok()) return Undecoded::link_header;
  packet.wifi_management = subtype;
  packet.payload = reader.take_rest();
  return std::nullopt;
}

}  // namespace

std::optional<Undecoded> decode_wifi(Reader& reader, Packet& packet, bool is_swapped) {
  uint16_t control = is_swapped ? reader.u16() : reader.u16le();
  reader.skip(2);
  Mac first = reader.mac();
  if (!reader.ok()) return Undecoded::link_header;
  uint8_t type = control >> 2 & 3;
  uint8_t subtype = control >> 4 & 15;
  if (type == kControl) {
    packet.target_mac = first;
    if (!names_transmitter(subtype)) return std::nullopt;
    packet.source_mac = reader.mac();
    return reader.ok() ? std::nullopt : std::optional(Undecoded::link_header);
  }
  if (type != kManagement && type != kData) return std::nullopt;
  Mac second = reader.mac();
  Mac third = reader.mac();
  uint16_t sequence = is_swapped ? reader.u16() : reader.u16le();
  bool is_first = (sequence & 15) == 0;  // the fragment's number
  if (!reader.ok()) return Undecoded::link_header;
  if (type == kData)
    return data_frame(subtype, control, reader, packet, {first, second, third}, is_first);
  packet.target_mac = first;
  packet.source_mac = second;
  return management_frame(subtype, control, reader, packet);
}

}  // namespace tapwarden
