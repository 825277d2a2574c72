// SPDX-License-Identifier: Apache-2.0
// Precision Time Protocol, versions 1 and 2 (IEEE 1588-2002, IEEE 1588-2019 clause 13): each
// clock's identity is made from its own MAC, which crosses routers unchanged; a clock that is asked
// describes itself.
#include <algorithm>
#include <array>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Message : uint8_t { kAnnounce = 0x0b, kManagement = 0x0d };

constexpr uint8_t kEthernetClock = 1;  // version 1: communication technology
constexpr uint8_t kResponse = 2;       // action of a management message
constexpr uint16_t kManagementTlv = 1;
constexpr uint16_t kClockDescription = 1;  // management identifier

using Identity = std::array<uint8_t, 8>;

Identity identity(Reader& reader) {
  Identity identity{};
  std::ranges::copy(reader.take(identity.size()), identity.begin());
  return identity;
}

/// 7.5.2.2.2: an EUI-64 made from a MAC, whose U/L bit stays as it is. Some fill it as IEEE once
/// told for MAC-48, with ff:ff.
void clock_mac(const Identity& id, Emit& emit) {
  if (id[3] != 0xff || id[4] < 0xfe) return;
  emit.mac(Field::clock_mac, Mac{{id[0], id[1], id[2], id[5], id[6], id[7]}});
}

/// 15.5.3.1.2: a text of parts with semicolons between them.
void parts(std::string_view text, const Field (&fields)[3], Emit& emit) {
  for (Field field : fields) {
    size_t end = text.find(';');
    emit.text(field, text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void clock_description(Reader data, Emit& emit) {
  data.skip(2);           // clock type
  data.skip(data.u8());   // physical layer protocol
  data.skip(data.u16());  // physical address
  data.skip(2);
  Bytes address = data.take(data.u16());
  uint32_t manufacturer = data.u24();
  data.skip(1);
  std::string_view product = data.text(data.u8());
  std::string_view revision = data.text(data.u8());
  if (!data.ok()) return emit.malformed();
  emit.ip(Field::management_address, IpAddress::from(address));
  if (manufacturer != 0) emit.oui(Field::organization_oui, manufacturer);
  parts(product, {Field::manufacturer, Field::model, Field::serial}, emit);
  parts(revision, {Field::hardware_revision, Field::firmware_revision, Field::software_revision},
        emit);
}

void management(Reader& reader, Emit& emit) {
  reader.skip(10 + 1 + 1);  // target port, boundary hops
  uint8_t action = reader.u8() & 0x0f;
  reader.skip(1);
  uint16_t type = reader.u16();
  Reader tlv = reader.sub(reader.u16());
  if (!reader.ok() || action != kResponse || type != kManagementTlv) return;
  if (tlv.u16() == kClockDescription) clock_description(tlv, emit);
}

void version1(Reader& reader, Emit& emit) {
  reader.skip(2 + 2 + 16 + 1);  // versions, subdomain, message type
  uint8_t technology = reader.u8();
  Mac mac = reader.mac();
  if (reader.ok() && technology == kEthernetClock) emit.mac(Field::clock_mac, mac);
}

}  // namespace

void ptp(const Packet&, Reader& reader, Emit& emit) {
  Bytes versions = reader.peek(2);
  if (versions.empty()) return reader.fail();
  uint8_t version = versions[1] & 0x0f;
  if (version == 1) return version1(reader, emit);
  if (version != 2) return;
  uint8_t message = reader.u8() & 0x0f;
  reader.skip(1);
  reader.skip(2 + 1 + 1 + 2 + 8 + 4);  // length, domain, flags, correction
  Identity source = identity(reader);
  reader.skip(2 + 2 + 1 + 1);  // port, sequence, control, interval
  if (!reader.ok()) return;
  clock_mac(source, emit);
  if (message == kManagement) return management(reader, emit);
  if (message != kAnnounce) return;
  reader.skip(10 + 2 + 1 + 1 + 4 + 1);  // timestamp, offset, priorities, quality
  Bytes grandmaster = reader.take(8);
  if (reader.ok()) emit.hex(Field::grandmaster_id, grandmaster);
}

}  // namespace tapwarden::protocols
