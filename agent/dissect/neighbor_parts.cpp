// SPDX-License-Identifier: Apache-2.0
#include "dissect/neighbor_parts.hpp"

#include <algorithm>
#include <array>

namespace tapwarden {

namespace {

constexpr uint8_t kIpNlpid[] = {0xcc};
constexpr uint8_t kIpv4Snap[] = {0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x08, 0x00};
constexpr uint8_t kIpv6Snap[] = {0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x86, 0xdd};

}  // namespace

void emit_neighbor_addresses(Reader tlv, Emit& emit) {
  uint32_t count = tlv.u32();
  for (; count > 0 && tlv.ok(); --count) {  // each takes octets: the TLV's size is the bound
    tlv.skip(1);                            // NLPID or 802.2: the protocol's own octets tell
    Bytes protocol = tlv.take(tlv.u8());
    Bytes address = tlv.take(tlv.u16());
    bool is_ip = (std::ranges::equal(protocol, kIpNlpid) && address.size() == 4) ||
                 (std::ranges::equal(protocol, kIpv4Snap) && address.size() == 4) ||
                 (std::ranges::equal(protocol, kIpv6Snap) && address.size() == 16);
    if (is_ip) emit.ip(Field::management_address, IpAddress::from(address));
  }
  if (!tlv.ok()) emit.malformed();
}

void emit_neighbor_capabilities(Reader tlv, Emit& emit) {
  uint32_t enabled = tlv.u32();
  if (!tlv.ok()) return emit.malformed();
  static constexpr std::string_view names[] = {
      "router ",   "bridge ",    "source-route-bridge ", "switch ",      "host ", "igmp ",
      "repeater ", "telephone ", "remote-managed ",      "stp-dispute ", "relay "};
  std::array<char, 128> list;
  size_t size = 0;
  for (size_t bit = 0; bit < std::size(names); ++bit) {
    if ((enabled >> bit & 1) == 0) continue;
    size += names[bit].copy(list.data() + size, list.size() - size);
  }
  emit.text(Field::capabilities, std::string_view(list.data(), size));
}

}  // namespace tapwarden
