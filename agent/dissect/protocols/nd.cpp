// SPDX-License-Identifier: Apache-2.0
// IPv6 Neighbour Discovery (RFC 4861): who has which IPv6 address at which MAC, and who is a
// router. Redirects speak of others and are not believed.
#include <algorithm>
#include <array>
#include <charconv>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint8_t {
  kRouterSolicitation = 133,
  kRouterAdvertisement = 134,
  kNeighborSolicitation = 135,
  kNeighborAdvertisement = 136,
};

enum Option : uint8_t { kSourceAddress = 1, kTargetAddress = 2 };

void bind(const Mac& mac, const IpAddress& ip, Emit& emit) {
  if (!mac || mac.is_group() || !ip.is_host()) return;
  emit.about(mac, ip);
  emit.ip(Field::binding, ip);
}

/// Reads all options and binds `ip` to the link-layer address in the wanted one; says whether that
/// was there.
bool bind_option(Reader& reader, Option wanted, const IpAddress& ip, Emit& emit) {
  bool found = false;
  while (!reader.empty()) {
    uint8_t type = reader.u8();
    size_t size = reader.u8() * size_t{8};
    if (size == 0) reader.fail();  // section 4.6: the packet must be discarded
    Reader option = reader.sub(size - std::min<size_t>(size, 2));
    if (!reader.ok()) break;
    if (type != wanted || found || option.size() != 6) continue;  // six octets: Ethernet (RFC 2464)
    found = true;
    bind(option.mac(), ip, emit);
  }
  return found;
}

void router(uint16_t lifetime, Emit& emit) {
  std::array<char, 24> text;
  size_t size = std::string_view("ra lifetime ").copy(text.data(), text.size());
  char* end = std::to_chars(text.data() + size, text.data() + text.size(), lifetime).ptr;
  emit.text(Field::router, std::string_view(text.data(), end));
}

void router_advertisement(const Packet& packet, Reader& reader, Emit& emit) {
  reader.skip(2);  // hop limit, flags
  uint16_t lifetime = reader.u16();
  reader.skip(8);  // reachable time, retransmission timer
  if (!reader.ok()) return;
  if (!packet.source_ip.is_link_local()) return emit.malformed();  // section 6.1.2
  router(lifetime, emit);
  bind_option(reader, kSourceAddress, packet.source_ip, emit);
}

void neighbor_advertisement(const Packet& packet, Reader& reader, Emit& emit) {
  reader.skip(4);  // flags
  IpAddress target = reader.ipv6();
  if (!reader.ok()) return;
  if (target.is_multicast()) return emit.malformed();  // section 7.1.2
  bool found = bind_option(reader, kTargetAddress, target, emit);
  if (!found && reader.ok() && packet.source_ip == target) bind(packet.source_mac, target, emit);
}

}  // namespace

void nd(const Packet& packet, Reader& reader, Emit& emit) {
  uint8_t type = reader.u8();
  uint8_t code = reader.u8();
  reader.skip(2);  // checksum
  if (!reader.ok()) return;
  // Sections 6.1 and 7.1: a lower hop limit came from beyond a router, perhaps forged.
  if (packet.hop_limit != 255 || code != 0) return emit.malformed();
  switch (type) {
    case kRouterSolicitation:
      reader.skip(4);
      bind_option(reader, kSourceAddress, packet.source_ip, emit);
      break;
    case kNeighborSolicitation:
      reader.skip(20);  // the target is a question, not a statement
      bind_option(reader, kSourceAddress, packet.source_ip, emit);
      break;
    case kRouterAdvertisement:
      router_advertisement(packet, reader, emit);
      break;
    case kNeighborAdvertisement:
      neighbor_advertisement(packet, reader, emit);
      break;
    default:
      break;
  }
}

}  // namespace tapwarden::protocols
