// SPDX-License-Identifier: Apache-2.0
// EAP over LAN (IEEE 802.1X-2020, RFC 3748): where a client says it belongs, devices that enrol by
// Wi-Fi Simple Configuration, whose certificates are shown (RFC 5216), key agreement's own address.
// Who the user is does not matter here: of an identity only the realm is told, and what is a
// device's.
#include <algorithm>

#include "dissect/certificate.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/simple_configuration.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint8_t { kEap = 0, kKeyAgreement = 5 };
enum Code : uint8_t { kRequest = 1, kResponse = 2 };
enum Method : uint8_t { kIdentity = 1, kTls = 13, kTtls = 21, kPeap = 25, kExpanded = 254 };

/// A request may name the network access server behind a NUL (RFC 4284).
void network(std::string_view text, Emit& emit) {
  constexpr std::string_view kServer = "nasid=";
  size_t begin = text.find(kServer);
  if (begin == std::string_view::npos) return;
  text.remove_prefix(begin + kServer.size());
  emit.text(Field::nas_identifier, text.substr(0, text.find(',')));
}

/// A name before the realm may be a person's or a subscriber's number, unless it is a machine's, as
/// directories write it, or a MAC.
void identity(std::string_view text, Emit& emit) {
  constexpr std::string_view kMachine = "host/";
  if (text.starts_with(kMachine)) return emit.text(Field::host_name, text.substr(kMachine.size()));
  size_t at = text.rfind('@');
  if (at != std::string_view::npos) emit.text(Field::domain, text.substr(at + 1));
  std::string_view user = text.substr(0, at);
  if (user.starts_with('{')) user = user.substr(std::min(user.find('}'), user.size() - 1) + 1);
  bool is_number = std::ranges::all_of(user, [](char c) { return c >= '0' && c <= '9'; });
  auto mac = parse_mac(user);
  if (mac && !is_number) emit.mac(Field::device_mac, *mac);
}

/// The first certificate in what there is of the handshake: that of the sender. A client's subject
/// may be a person.
void certificate(Reader handshake, bool is_client, Emit& emit) {
  constexpr uint8_t kHandshake = 22;
  constexpr uint8_t kCertificate = 11;
  constexpr int kMessagesMax = 8;
  bool is_handshake = handshake.u8() == kHandshake;
  handshake.skip(2);
  Reader record(handshake.take_up_to(handshake.u16()));
  for (int i = 0; is_handshake && i < kMessagesMax && !record.empty(); ++i) {
    uint8_t type = record.u8();
    size_t size = record.u24();
    if (type != kCertificate) {
      record.skip(size);
      continue;
    }
    record.skip(3);  // of all of them
    Reader der = record.sub(record.u24());
    CertificateNames names;
    names.read(der);
    if (!record.ok() || !names.are_there()) return;
    if (!is_client) emit.text(Field::certificate_subject, names.subject.view());
    emit.text(Field::certificate_issuer, names.issuer.view());
    return;
  }
}

/// The first fragment of a message of EAP-TLS and those that are built like it.
void tls(Reader data, bool is_client, Emit& emit) {
  uint8_t flags = data.u8();
  bool has_size = (flags & 0x80) != 0;
  bool has_more = (flags & 0x40) != 0;
  if (has_size) data.skip(4);
  // A fragment without a size is one that goes on.
  if (data.ok() && (has_size || !has_more)) certificate(data, is_client, emit);
}

/// Wi-Fi Simple Configuration 2.0.8, section 7.7.1. Only the first fragment can be read.
void enrolment(Reader data, Emit& emit) {
  constexpr uint32_t kWifiAlliance = 0x00372a;
  constexpr uint32_t kSimpleConfiguration = 1;
  constexpr uint8_t kMessage = 4;
  uint32_t vendor = data.u24();
  uint32_t type = data.u32();
  uint8_t operation = data.u8();
  uint8_t flags = data.u8();
  if (!data.ok() || vendor != kWifiAlliance || type != kSimpleConfiguration ||
      operation != kMessage)
    return;
  bool has_more = (flags & 1) != 0;
  if ((flags & 2) != 0) data.skip(2);  // size of the whole
  bool is_whole = emit_simple_configuration(data, emit);
  if (!is_whole && !has_more) emit.malformed();
}

void eap(Reader& message, Emit& emit) {
  uint8_t code = message.u8();
  message.skip(1);  // identifier
  size_t size = message.u16();
  if (!message.ok() || (code != kRequest && code != kResponse)) return;
  if (size < 5) return emit.malformed();
  bool is_short = message.size() < size - 4;
  Reader data(message.take_up_to(size - 4));
  if (is_short) emit.malformed();
  bool is_client = code == kResponse;
  switch (data.u8()) {
    case kIdentity:
      return is_client ? identity(as_text(data.take_rest()), emit)
                       : network(as_text(data.take_rest()), emit);
    case kTls:
    case kTtls:
    case kPeap:
      return tls(data, is_client, emit);
    case kExpanded:
      return enrolment(data, emit);
    default:
      return;
  }
}

/// The basic parameter set of MACsec's key agreement (IEEE 802.1X-2020, 11.11.1).
void key_agreement(Reader& message, Emit& emit) {
  message.skip(4);  // version, priority, length
  Mac mac = message.mac();
  if (message.ok()) emit.mac(Field::system_mac, mac);
}

}  // namespace

void eapol(const Packet&, Reader& reader, Emit& emit) {
  reader.skip(1);  // version
  uint8_t type = reader.u8();
  size_t size = reader.u16();
  if (!reader.ok() || (type != kEap && type != kKeyAgreement)) return;
  bool is_short = reader.size() < size;
  Reader message(reader.take_up_to(size));
  if (is_short) emit.malformed();
  type == kEap ? eap(message, emit) : key_agreement(message, emit);
  if (!message.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
