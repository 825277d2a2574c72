// SPDX-License-Identifier: Apache-2.0
// NetBIOS name service (RFC 1002, section 4.2): registrations and refreshes tell the names that the
// sender takes, a positive answer and a node status those that it has. Queries tell nothing.
#include <algorithm>

#include "dissect/dissectors.hpp"
#include "dissect/netbios_name.hpp"

namespace tapwarden::protocols {

namespace {

enum Opcode : uint16_t { kQuery = 0, kRegistration = 5, kRefresh = 8, kRefreshToo = 9 };

constexpr uint16_t kPort = 137;
constexpr uint16_t kNode = 0x20;
constexpr uint16_t kStatus = 0x21;
constexpr int kNamesMax = 32;

/// Workstation and server names are the host's, and the domain's if they are a group's.
void tell(const NetbiosName& name, bool is_group, Emit& emit) {
  if (name.view().starts_with('\x01')) return;  // "__MSBROWSE__"
  if (is_group) {
    if (name.kind == 0x00) emit.text(Field::domain, name.view());
  } else if (name.kind == 0x00 || name.kind == 0x20) {
    emit.text(Field::host_name, name.view());
  }
}

/// The additional record of a registration, or the answer's.
void node(const Packet& packet, const NetbiosName& name, Reader& reader, Emit& emit) {
  reader.skip(4);
  Reader data = reader.sub(reader.u16());
  bool is_group = (data.u16() & 0x8000) != 0;
  IpAddress ip = data.ipv4();
  if (!data.ok()) return emit.malformed();
  if (ip != packet.source_ip) return;  // a name server's word about another host
  tell(name, is_group, emit);
  emit.ip(Field::binding, ip);
}

void status(Reader& reader, Emit& emit) {
  reader.skip(4);
  Reader data = reader.sub(reader.u16());
  int names = data.u8();
  for (int i = 0; i < names && i < kNamesMax && data.ok(); ++i) {
    NetbiosName name;
    std::ranges::copy(data.text(15), name.octets.begin());
    name.kind = data.u8();
    bool is_group = (data.u16() & 0x8000) != 0;
    if (data.ok()) tell(name, is_group, emit);
  }
  if (names <= kNamesMax) emit.mac(Field::device_mac, data.mac());
  if (!data.ok()) emit.malformed();
}

}  // namespace

void nbns(const Packet& packet, Reader& reader, Emit& emit) {
  if (packet.source_port != kPort) return;
  reader.skip(2);
  uint16_t flags = reader.u16();
  bool is_response = (flags & 0x8000) != 0;
  uint16_t opcode = flags >> 11 & 15;
  reader.skip(8);
  bool is_answer = is_response && opcode == kQuery && (flags & 15) == 0;
  bool is_claim =
      !is_response && (opcode == kRegistration || opcode == kRefresh || opcode == kRefreshToo);
  if (!reader.ok() || (!is_answer && !is_claim)) return;
  NetbiosName name = netbios_name(reader);
  uint16_t type = reader.u16();
  reader.skip(2);
  if (is_claim) {
    reader.skip(2);  // a pointer to the name
    type = reader.u16();
    reader.skip(2);
  }
  if (!reader.ok()) return;
  if (type == kNode) node(packet, name, reader, emit);
  if (type == kStatus && is_answer) status(reader, emit);
}

}  // namespace tapwarden::protocols
