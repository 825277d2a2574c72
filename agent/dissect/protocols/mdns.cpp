// SPDX-License-Identifier: Apache-2.0
// Multicast DNS (RFC 6762) and DNS-based service discovery (RFC 6763): the names and services that
// a responder announces as its own. Queries state nothing, nor do the known answers in them, and a
// goodbye (TTL 0) withdraws.
#include "dissect/dissectors.hpp"
#include "dissect/dns_name.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint16_t { kA = 1, kPtr = 12, kTxt = 16, kAaaa = 28, kSrv = 33 };

constexpr uint16_t kPort = 5353;
constexpr uint16_t kInternet = 1;
constexpr int kRecordsMax = 64;
constexpr int kStringsMax = 64;

/// The name without ".local"; nothing for a name that is elsewhere.
std::string_view local(const DnsName& name) {
  return name.is_under("local") ? name.range(0, name.labels() - 1) : std::string_view{};
}

/// A name of the form "<instance>.<service>.<protocol>.local" (RFC 6763, section 4.1).
bool is_instance(const DnsName& name) {
  size_t size = name.labels();
  return size >= 4 && name.is_under("local") && name.label(size - 3).starts_with('_') &&
         (same_label(name.label(size - 2), "_tcp") || same_label(name.label(size - 2), "_udp")) &&
         !name.label(size - 4).starts_with('_');
}

void address(const Packet& packet, const DnsName& owner, const IpAddress& ip, Emit& emit) {
  std::string_view host = local(owner);
  if (host.empty() || !ip) return;
  emit.text(Field::host_name, host);
  if (ip == packet.source_ip) emit.ip(Field::binding, ip);
}

void pointer(const DnsName& owner, const DnsName& target, Emit& emit) {
  if (!owner.is_under("local")) return;
  if (same_label(owner.label(0), "_services") && same_label(owner.label(1), "_dns-sd")) {
    return emit.text(Field::service_name, local(target));  // RFC 6763, section 9
  }
  if (is_instance(target)) emit.text(Field::service_instance, local(target));
}

void texts(const DnsName& owner, Reader data, Emit& emit) {
  bool said = owner.is_under("local");
  for (int i = 0; i < kStringsMax && !data.empty(); ++i) {
    std::string_view one = data.text(data.u8());
    if (!data.ok()) return emit.malformed();
    if (said) emit.text(Field::service_text, one);
  }
}

void record(const Packet& packet, Bytes message, Reader& reader, Emit& emit) {
  DnsName owner;
  if (!owner.read(reader, message)) return;
  uint16_t type = reader.u16();
  uint16_t class_number = reader.u16() & 0x7fff;  // the top bit flushes caches, section 10.2
  uint32_t lifetime = reader.u32();
  Reader data = reader.sub(reader.u16());
  if (!reader.ok() || class_number != kInternet || lifetime == 0) return;
  switch (type) {
    case kA:
      address(packet, owner, data.ipv4(), emit);
      break;
    case kAaaa:
      address(packet, owner, data.ipv6(), emit);
      break;
    case kPtr:
      if (DnsName target; target.read(data, message)) pointer(owner, target, emit);
      break;
    case kTxt:
      texts(owner, data, emit);
      break;
    case kSrv:
      data.skip(6);
      if (DnsName target; target.read(data, message) && is_instance(owner)) {
        emit.text(Field::service_instance, local(owner));
      }
      break;
    default:
      break;
  }
  if (!data.ok()) emit.malformed();
}

}  // namespace

void mdns(const Packet& packet, Reader& reader, Emit& emit) {
  if (packet.source_port != kPort) return;  // such a response MUST be ignored, section 6
  Bytes message = reader.peek();
  reader.skip(2);
  uint16_t flags = reader.u16();
  bool response = (flags & 0x8000) != 0;
  if (!response || (flags & 0x780f) != 0) return;  // opcode and response code, sections 18.3, 18.11
  int questions = reader.u16();
  int records = reader.u16() + reader.u16() + reader.u16();
  for (int i = 0; i < questions && i < kRecordsMax && reader.ok(); ++i) {
    DnsName name;
    name.read(reader, message);
    reader.skip(4);
  }
  if (questions > kRecordsMax) reader.fail();
  for (int i = 0; i < records && i < kRecordsMax && reader.ok(); ++i) {
    record(packet, message, reader, emit);
  }
}

}  // namespace tapwarden::protocols
