// SPDX-License-Identifier: Apache-2.0
// PFCP (3GPP TS 29.244): what a control or user plane function says of itself when it sets up an
// association: its name where it has one, and whose private information elements it adds. Sessions,
// which are about subscribers, are not read.
#include "dissect/dhcp_parts.hpp"
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr unsigned kElementsMax = 64;
constexpr uint8_t kSetupRequest = 5;
constexpr uint8_t kSetupResponse = 6;

void element(uint16_t type, Reader value, Emit& emit) {
  constexpr uint16_t kNodeId = 60;
  constexpr uint8_t kName = 2;
  constexpr uint16_t kPrivate = 0x8000;
  if ((type & kPrivate) != 0) {
    uint16_t enterprise = value.u16();
    if (enterprise != 0) emit.number(Field::vendor_enterprise, enterprise);
  } else if (type == kNodeId && (value.u8() & 0x0f) == kName) {
    emit_domain_name(Field::fqdn, value, emit);
  }
}

}  // namespace

void pfcp(const Packet&, Reader& reader, Emit& emit) {
  uint8_t flags = reader.u8();
  uint8_t type = reader.u8();
  size_t size = reader.u16();
  bool is_version_1 = flags >> 5 == 1;
  bool has_session = (flags & 1) != 0;
  if (!is_version_1 || has_session || (type != kSetupRequest && type != kSetupResponse)) return;
  Reader message = reader.sub(size);
  message.skip(4);  // sequence number
  for (unsigned left = kElementsMax; left > 0 && message.ok() && !message.empty(); --left) {
    uint16_t element_type = message.u16();
    Reader value = message.sub(message.u16());
    if (message.ok()) element(element_type, value, emit);
  }
  if (!message.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
