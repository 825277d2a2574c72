// SPDX-License-Identifier: Apache-2.0
// PPPoE discovery (RFC 2516), with the line identification that an access node adds (RFC 4679,
// section 3.3.1; TR-101): how the access concentrator calls itself, whose vendor tag is in there,
// which line the client hangs on.
#include "dissect/dissectors.hpp"
#include "dissect/gpon_serial.hpp"

namespace tapwarden::protocols {

namespace {

enum Code : uint8_t { kInitiation = 0x09, kOffer = 0x07, kRequest = 0x19, kSession = 0x65 };

enum Tag : uint16_t { kEndOfList = 0x0000, kConcentratorName = 0x0102, kVendorSpecific = 0x0105 };

constexpr uint32_t kBroadbandForum = 3561;

/// What an access node adds on the client's behalf.
void line(Reader list, Emit& emit) {
  while (!list.empty()) {
    uint8_t type = list.u8();
    Bytes value = list.take(list.u8());
    if (!list.ok()) return emit.malformed();
    if (type == 1) emit.text_or_hex(Field::relay_circuit, value);
    if (type == 2) emit.text_or_hex(Field::relay_remote, value);
    if (type == 1 || type == 2) emit_gpon_serial(value, emit);
  }
}

void vendor_specific(Reader value, bool is_from_client, Emit& emit) {
  uint32_t enterprise = value.u32();
  if (!value.ok()) return emit.malformed();
  if (enterprise >> 24 != 0) return;  // appendix A: the first octet is zero
  if (enterprise == kBroadbandForum) {
    if (is_from_client) line(value, emit);  // else it is the client's own, sent back
    return;
  }
  emit.number(Field::vendor_enterprise, enterprise);
  emit.text_or_hex(Field::vendor_info, value.take_rest());
}

}  // namespace

void pppoe(const Packet&, Reader& reader, Emit& emit) {
  uint8_t version_and_type = reader.u8();
  uint8_t code = reader.u8();
  reader.skip(2);  // session
  Reader tags = reader.sub(reader.u16());
  if (!reader.ok() || version_and_type != 0x11) return reader.fail();
  bool is_from_client = code == kInitiation || code == kRequest;
  bool is_from_concentrator = code == kOffer || code == kSession;
  while (!tags.empty()) {
    uint16_t tag = tags.u16();
    Reader value = tags.sub(tags.u16());
    if (!tags.ok()) return emit.malformed();
    if (tag == kEndOfList) return;
    if (tag == kConcentratorName && is_from_concentrator)
      emit.text_or_hex(Field::access_concentrator, value.take_rest());
    if (tag == kVendorSpecific) vendor_specific(value, is_from_client, emit);
  }
}

}  // namespace tapwarden::protocols
