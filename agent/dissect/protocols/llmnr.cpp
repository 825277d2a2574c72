// SPDX-License-Identifier: Apache-2.0
// Link-Local Multicast Name Resolution (RFC 4795): a response tells the sender's own name. Queries
// tell what somebody looks for, and so nothing.
#include "dissect/dissectors.hpp"
#include "dissect/dns_name.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kPort = 5355;
constexpr uint16_t kA = 1;
constexpr uint16_t kAaaa = 28;
constexpr uint16_t kInternet = 1;
constexpr int kRecordsMax = 16;

void record(const Packet& packet, Bytes message, Reader& reader, Emit& emit) {
  DnsName owner;
  if (!owner.read(reader, message)) return;
  uint16_t type = reader.u16();
  uint16_t class_number = reader.u16();
  reader.skip(4);
  Reader data = reader.sub(reader.u16());
  if (!reader.ok() || class_number != kInternet || (type != kA && type != kAaaa)) return;
  IpAddress ip = type == kA ? data.ipv4() : data.ipv6();
  if (!data.ok()) return emit.malformed();
  emit.text(Field::host_name, owner.view());
  if (ip == packet.source_ip) emit.ip(Field::binding, ip);
}

}  // namespace

void llmnr(const Packet& packet, Reader& reader, Emit& emit) {
  if (packet.source_port != kPort) return;
  Bytes message = reader.peek();
  reader.skip(2);
  uint16_t flags = reader.u16();
  // A response without conflict, error or tentative name (section 2.1.1).
  if ((flags & 0x8000) == 0 || (flags & 0x7d0f) != 0) return;
  int questions = reader.u16();
  int answers = reader.u16();
  reader.skip(4);
  if (questions > kRecordsMax) return reader.fail();
  for (int i = 0; i < questions && reader.ok(); ++i) {
    DnsName name;
    name.read(reader, message);
    reader.skip(4);
  }
  for (int i = 0; i < answers && i < kRecordsMax && reader.ok(); ++i) {
    record(packet, message, reader, emit);
  }
}

}  // namespace tapwarden::protocols
