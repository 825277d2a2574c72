// SPDX-License-Identifier: Apache-2.0
// ARP over Ethernet (RFC 826): the sender's MAC has the sender's IPv4 address. A target's pair is a
// question, not a statement, and is not believed; nor is a probe (RFC 5227, sender address zero).
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

void arp(const Packet&, Reader& reader, Emit& emit) {
  uint16_t hardware = reader.u16();
  uint16_t protocol = reader.u16();
  uint8_t hardware_size = reader.u8();
  uint8_t protocol_size = reader.u8();
  // On a link with VLAN tags Link Automatic Discovery goes under ARP's EtherType.
  if (hardware == 0xffff && protocol == 0xffff && hardware_size == 0 && protocol_size == 0) {
    return emit.goes_on(Protocol::lad);
  }
  reader.skip(2);  // operation: request and reply alike carry the sender's pair
  if (!reader.ok() || protocol != 0x0800 || hardware_size != 6 || protocol_size != 4) return;
  if (hardware != 1 && hardware != 6) return;  // Ethernet, IEEE 802
  Mac mac = reader.mac();
  IpAddress ip = reader.ipv4();
  reader.skip(10);
  if (!mac || mac.is_group() || !ip.is_host()) return;
  emit.about(mac, ip);
  emit.ip(Field::binding, ip);
}

}  // namespace tapwarden::protocols
