// SPDX-License-Identifier: Apache-2.0
// DNS (RFC 1035): the name that a client asks for, which shows whose services it uses. Answers are
// not read. A resolver may ask for thousands of names in a second, so what cannot be a service's
// host is left out: questions without recursion (a resolver's own), other types than addresses and
// services, reverse names, and names so long or deep that they carry data or an address in them.
#include "dissect/dissectors.hpp"
#include "dissect/dns_name.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint16_t { kA = 1, kAaaa = 28, kSrv = 33, kSvcb = 64, kHttps = 65 };

constexpr uint16_t kPort = 53;
constexpr uint16_t kInternet = 1;
constexpr uint16_t kOther = 0xf80f;  // response, opcode and response code
constexpr uint16_t kRecursion = 0x0100;
constexpr size_t kLabelsMax = 6;
constexpr size_t kOctetsMax = 64;

bool is_host_type(uint16_t type) {
  return type == kA || type == kAaaa || type == kSrv || type == kSvcb || type == kHttps;
}

bool is_host(const DnsName& name) {
  bool is_deep = name.labels() < 2 || name.labels() > kLabelsMax;
  bool is_long = name.view().size() > kOctetsMax;
  return !is_deep && !is_long && !name.is_under("arpa") && !name.is_under("local");
}

}  // namespace

void dns(const Packet& packet, Reader& reader, Emit& emit) {
  if (packet.target_port != kPort) return;
  Bytes message = reader.peek();
  reader.skip(2);
  uint16_t flags = reader.u16();
  uint16_t questions = reader.u16();
  reader.skip(6);
  if (!reader.ok() || (flags & kOther) != 0 || (flags & kRecursion) == 0 || questions != 1) return;
  DnsName name;
  if (!name.read(reader, message)) return;
  uint16_t type = reader.u16();
  uint16_t class_number = reader.u16();
  if (!reader.ok() || class_number != kInternet || !is_host_type(type)) return;
  if (is_host(name)) emit.text(Field::dns_query, name.view());
}

}  // namespace tapwarden::protocols
