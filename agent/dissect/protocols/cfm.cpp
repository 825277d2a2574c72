// SPDX-License-Identifier: Apache-2.0
// Connectivity Fault Management (IEEE 802.1Q-2018, clause 21; ITU-T G.8013/Y.1731): the names of
// maintenance domain and association in continuity checks, and the chassis of the sender where it
// tells.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Opcode : uint8_t { kContinuityCheck = 1 };

enum Tlv : uint8_t { kEnd = 0, kSenderId = 1 };

enum NameFormat : uint8_t { kNone = 1, kText = 4, kAssociationText = 2, kItu = 32 };

enum ChassisSubtype : uint8_t { kMac = 4 };

constexpr size_t kMaintenanceIdSize = 48;

/// 21.6.5: the name of the domain, if it has one, and that of the association.
void maintenance_id(Reader id, Emit& emit) {
  uint8_t format = id.u8();
  if (format != kNone) {
    Bytes name = id.take(id.u8());
    if (format == kText) emit.text(Field::maintenance_domain, name);
  }
  uint8_t association = id.u8();
  Bytes name = id.take(id.u8());
  if (!id.ok()) return emit.malformed();
  if (association == kAssociationText || association == kItu)
    emit.text(Field::maintenance_association, name);
}

/// 21.5.3: the subtypes are LLDP's.
void sender_id(Reader tlv, Emit& emit) {
  uint8_t size = tlv.u8();
  if (!tlv.ok()) return emit.malformed();
  if (size == 0) return;
  uint8_t subtype = tlv.u8();
  Bytes chassis = tlv.take(size);
  if (!tlv.ok()) return emit.malformed();
  if (subtype == kMac && size == 6) {
    emit.mac(Field::chassis_mac, Reader(chassis).mac());
  } else {
    emit.text_or_hex(Field::chassis_id, chassis);
  }
}

}  // namespace

void cfm(const Packet&, Reader& reader, Emit& emit) {
  reader.skip(1);  // level and version
  uint8_t opcode = reader.u8();
  reader.skip(1);  // flags
  Reader fixed = reader.sub(reader.u8());
  if (!reader.ok()) return;
  if (opcode == kContinuityCheck) {
    fixed.skip(4 + 2);  // sequence, end point
    Reader id = fixed.sub(kMaintenanceIdSize);
    if (!fixed.ok()) return emit.malformed();
    maintenance_id(id, emit);
  }
  while (!reader.empty()) {
    uint8_t type = reader.u8();
    if (type == kEnd) return;
    Reader tlv = reader.sub(reader.u16());
    if (!reader.ok()) return;
    if (type == kSenderId) sender_id(tlv, emit);
  }
}

}  // namespace tapwarden::protocols
