// SPDX-License-Identifier: Apache-2.0
// DHCPv6 (RFC 8415) with the client's domain name (RFC 4704) and what relays add: remote-id
// (RFC 4649) and the client's link-layer address (RFC 6939). Behind a relay the packet's sender is
// the relay; the client is known by the peer-address of the relay nearest to it.
#include "dissect/device_options.hpp"
#include "dissect/dhcp_parts.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/gpon_serial.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint8_t {
  kSolicit = 1,
  kAdvertise = 2,
  kRequest = 3,
  kConfirm = 4,
  kRenew = 5,
  kRebind = 6,
  kReply = 7,
  kRelease = 8,
  kDecline = 9,
  kReconfigure = 10,
  kInformationRequest = 11,
  kRelayForward = 12,
  kRelayReply = 13,
};

enum Option : uint16_t {
  kClientId = 1,
  kServerId = 2,
  kRelayMessage = 9,
  kVendorClass = 16,
  kVendorInfo = 17,
  kInterfaceId = 18,
  kRemoteId = 37,
  kFqdn = 39,
  kClientLinkLayer = 79,
};

constexpr int kRelaysMax = 8;  // HOP_COUNT_LIMIT, RFC 8415, section 7.6

bool is_relay(uint8_t type) { return type == kRelayForward || type == kRelayReply; }

bool is_from_client(uint8_t type) {
  switch (type) {
    case kSolicit:
    case kRequest:
    case kConfirm:
    case kRenew:
    case kRebind:
    case kRelease:
    case kDecline:
    case kInformationRequest:
      return true;
    default:
      return false;
  }
}

bool is_from_server(uint8_t type) {
  return type == kAdvertise || type == kReply || type == kReconfigure;
}

/// Calls `visit(code, value)` for every option up to the first that runs over the end.
template <typename Visit>
void each_option(Reader options, Emit& emit, Visit visit) {
  while (!options.empty()) {
    uint16_t code = options.u16();
    Reader value = options.sub(options.u16());
    if (!options.ok()) return emit.malformed();
    visit(code, value);
  }
}

void vendor_class(Reader value, Emit& emit) {
  uint32_t enterprise = value.u32();
  if (value.ok()) emit.number(Field::vendor_enterprise, enterprise);
  while (!value.empty()) {
    Bytes data = value.take(value.u16());
    if (value.ok()) emit.text_or_hex(Field::vendor_class_data, data);
  }
  if (!value.ok()) emit.malformed();
}

void vendor_info(Reader value, Emit& emit) {
  uint32_t enterprise = value.u32();
  if (!value.ok()) return emit.malformed();
  emit.number(Field::vendor_enterprise, enterprise);
  emit.hex(Field::vendor_info, value.peek());
  constexpr uint16_t kDevice = 11;
  while (value.size() >= 4) {
    uint16_t code = value.u16();
    Bytes part = value.take(value.u16());
    if (!value.ok()) return;
    if (enterprise == enterprise_cable_labs) emit_cable_option(code, part, emit);
    if (enterprise == enterprise_broadband_forum) emit_device_identity(code, kDevice, part, emit);
  }
}

void client_option(uint16_t code, Reader value, Emit& emit) {
  switch (code) {
    case kClientId:
      return emit_duid(value, emit);
    case kVendorClass:
      return vendor_class(value, emit);
    case kVendorInfo:
      return vendor_info(value, emit);
    case kFqdn:
      value.skip(1);  // flags
      if (!value.ok()) return emit.malformed();
      return emit_domain_name(Field::fqdn, value, emit);
    default:
      return;
  }
}

/// What one relay wrapped, and what it says of the place where that came in.
struct Relayed {
  IpAddress peer;
  Mac client;
  Bytes interface_id;
  Bytes remote_id;
  Reader message;
};

Relayed relayed(Reader message, Emit& emit) {
  Relayed relayed;
  message.skip(2 + 16);  // type, hop count, link-address
  relayed.peer = message.ipv6();
  if (!message.ok()) {
    emit.malformed();
    return relayed;
  }
  each_option(message, emit, [&](uint16_t code, Reader value) {
    if (code == kInterfaceId) relayed.interface_id = value.take_rest();
    if (code == kRemoteId) {
      value.skip(4);  // the relay's enterprise number, not the client's
      if (!value.ok()) emit.malformed();
      relayed.remote_id = value.take_rest();
    }
    if (code == kClientLinkLayer && value.size() == 8 && value.u16() == 1) {
      relayed.client = value.mac();
    }
    if (code == kRelayMessage) relayed.message = value;
  });
  return relayed;
}

void client_behind(const Relayed& nearest, Emit& emit) {
  if (!nearest.peer.is_host()) return;
  emit.about(nearest.client.is_group() ? Mac{} : nearest.client, nearest.peer);
  emit.text_or_hex(Field::relay_circuit, nearest.interface_id);
  emit.text_or_hex(Field::relay_remote, nearest.remote_id);
  emit_gpon_serial(nearest.interface_id, emit);
  emit_gpon_serial(nearest.remote_id, emit);
  Reader message = nearest.message;
  uint8_t type = message.u8();
  message.skip(3);  // transaction
  if (!message.ok()) return emit.malformed();
  if (!is_from_client(type)) return;  // an answer on its way: the server itself is not seen here
  each_option(message, emit,
              [&](uint16_t code, Reader value) { client_option(code, value, emit); });
}

/// Follows the relays down to the one nearest to the client: only that one knows the client's
/// address and port, so what the others add is of no use here.
void behind_relays(Reader message, Emit& emit) {
  for (int depth = 0; depth < kRelaysMax; ++depth) {
    Relayed outer = relayed(message, emit);
    message = outer.message;
    if (message.empty()) break;  // sections 9.1 and 9.2: it must be there
    if (!is_relay(message.peek()[0])) return client_behind(outer, emit);
  }
  emit.malformed();
}

}  // namespace

void dhcpv6(const Packet&, Reader& reader, Emit& emit) {
  if (Bytes type = reader.peek(1); !type.empty() && is_relay(type[0])) {
    return behind_relays(reader, emit);
  }
  uint8_t type = reader.u8();
  reader.skip(3);  // transaction
  if (!reader.ok()) return;
  if (is_from_client(type)) {
    each_option(reader, emit,
                [&](uint16_t code, Reader value) { client_option(code, value, emit); });
  } else if (is_from_server(type)) {  // the client's options in it are an echo
    each_option(reader, emit, [&](uint16_t code, Reader value) {
      if (code == kServerId) emit_duid(value, emit);
    });
  }
}

}  // namespace tapwarden::protocols
