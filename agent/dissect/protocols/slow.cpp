// SPDX-License-Identifier: Apache-2.0
// Slow protocols (IEEE 802.3-2018, annex 57A): link aggregation (IEEE 802.1AX-2020, 6.4.2) with the
// addresses of both systems, operation and maintenance (IEEE 802.3-2018, clause 57) with the
// sender's OUI, and those of organisations.
#include <algorithm>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Subtype : uint8_t { kAggregation = 1, kMaintenance = 3, kOrganization = 10 };

enum MaintenanceCode : uint8_t { kInformation = 0x00, kOrganizationCode = 0xfe };

constexpr uint8_t kActor = 1;
constexpr uint8_t kPartner = 2;
constexpr uint8_t kSystemSize = 20;

Mac system_of(Reader& reader, uint8_t type) {
  uint8_t has = reader.u8();
  uint8_t size = reader.u8();
  if (has != type || size != kSystemSize) reader.fail();
  Reader tlv = reader.sub(kSystemSize - 2);  // the head counts
  tlv.skip(2);                               // priority
  return tlv.mac();
}

/// The actor is the sender; the partner is what the sender last heard at the link's other end.
void aggregation(Reader& reader, Emit& emit) {
  reader.skip(1);  // version
  emit.mac(Field::system_mac, system_of(reader, kActor));
  Mac partner = system_of(reader, kPartner);
  if (!partner) return;  // nobody heard yet
  emit.about(partner, {});
  emit.mac(Field::system_mac, partner);
}

void organization(uint32_t oui, Emit& emit) {
  if (oui != 0) emit.oui(Field::organization_oui, oui);
}

/// 57.5.2.1: of the information TLVs only the local one is about the sender.
void information(Reader& reader, Emit& emit) {
  uint8_t type = reader.u8();
  uint8_t size = reader.u8();
  if (!reader.ok() || type != 1) return;
  if (size < 16) return reader.fail();
  reader.skip(1 + 2 + 1 + 1 + 2);  // version, revision, state, configurations
  uint32_t oui = reader.u24();
  Bytes vendor = reader.take(4);
  if (!reader.ok()) return;
  organization(oui, emit);
  bool says_something = std::ranges::any_of(vendor, [](uint8_t octet) { return octet != 0; });
  if (says_something) emit.hex(Field::vendor_info, vendor);
}

void maintenance(Reader& reader, Emit& emit) {
  reader.skip(2);  // flags
  uint8_t code = reader.u8();
  if (code == kInformation) return information(reader, emit);
  if (code != kOrganizationCode) return;
  uint32_t oui = reader.u24();
  if (reader.ok()) organization(oui, emit);
}

}  // namespace

void slow(const Packet&, Reader& reader, Emit& emit) {
  uint8_t subtype = reader.u8();
  if (subtype == kAggregation) return aggregation(reader, emit);
  if (subtype == kMaintenance) return maintenance(reader, emit);
  if (subtype != kOrganization) return;
  uint32_t oui = reader.u24();
  if (reader.ok()) organization(oui, emit);
}

}  // namespace tapwarden::protocols
