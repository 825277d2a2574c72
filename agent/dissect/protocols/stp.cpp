// SPDX-License-Identifier: Apache-2.0
// Spanning tree (IEEE 802.1D-2004 clause 9, IEEE 802.1Q-2018 clause 14): STP, RSTP and MSTP, and
// Cisco's per-VLAN form of them behind SNAP. Each bridge names itself by its own address and the
// root by that of the root.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kSpanningTree = 0;

enum Type : uint8_t { kConfiguration = 0x00, kRapid = 0x02 };

constexpr uint8_t kMultiple =
    3;  // the version from which on the sender's identifier is further back
constexpr size_t kPrioritySize = 2;

/// Where MSTP puts the sender: what stands in the older place is its regional root.
Mac multiple_bridge(Reader& reader) {
  reader.skip(1);                    // version 1 length
  reader.skip(2);                    // version 3 length
  reader.skip(1 + 32 + 2 + 16 + 4);  // configuration identifier, internal path cost
  reader.skip(kPrioritySize);
  return reader.mac();
}

}  // namespace

void stp(const Packet&, Reader& reader, Emit& emit) {
  uint16_t protocol = reader.u16();
  uint8_t version = reader.u8();
  uint8_t type = reader.u8();
  if (!reader.ok() || protocol != kSpanningTree) return;  // GARP shares the address
  if (type != kConfiguration && type != kRapid) return;
  reader.skip(1 + kPrioritySize);  // flags
  Mac root = reader.mac();
  reader.skip(4 + kPrioritySize);  // path cost
  Mac bridge = reader.mac();
  reader.skip(2 + 2 + 2 + 2 + 2);  // port, message age, maximum age, hello time, forward delay
  if (!reader.ok()) return;
  if (type == kRapid && version >= kMultiple) bridge = multiple_bridge(reader);
  if (!reader.ok()) return;
  emit.mac(Field::bridge_mac, bridge);
  if (root == bridge) return;
  emit.about(root, {});
  emit.mac(Field::bridge_mac, root);
}

}  // namespace tapwarden::protocols
