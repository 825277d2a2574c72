// SPDX-License-Identifier: Apache-2.0
// LLDP (IEEE 802.1AB-2016, clause 8) with the organisationally specific TLVs of IEEE 802.1 and the
// LLDP-MED inventory (ANSI/TIA-1057, section 10.2.6): what a neighbour says it is, which port it
// speaks from, what it is called.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Type : uint8_t {
  kEnd = 0,
  kChassisId = 1,
  kPortId = 2,
  kLifetime = 3,
  kPortDescription = 4,
  kSystemName = 5,
  kSystemDescription = 6,
  kCapabilities = 7,
  kManagementAddress = 8,
  kOrganization = 127,
};

constexpr uint32_t kIeee8021 = 0x0080c2;
constexpr uint32_t kIeee8023 = 0x00120f;
constexpr uint32_t kMed = 0x0012bb;
// Everybody's: IANA's (RFC 8520), and the one that data center bridging used before IEEE 802.1Qaz.
constexpr uint32_t kIana = 0x00005e;
constexpr uint32_t kDcbx = 0x001b21;

void network_address(Field field, Bytes value, Emit& emit) {
  if (value.size() < 2) return;
  bool is_ip = (value[0] == 1 && value.size() == 5) ||
               (value[0] == 2 && value.size() == 17);  // IANA families
  if (is_ip) emit.ip(field, IpAddress::from(value.subspan(1)));
}

void chassis_id(Reader tlv, Emit& emit) {
  if (tlv.size() < 2) return emit.malformed();
  uint8_t subtype = tlv.u8();
  Bytes value = tlv.take_rest();
  if (subtype == 4 && value.size() == 6) return emit.mac(Field::chassis_mac, Reader(value).mac());
  if (subtype == 5) return network_address(Field::chassis_id, value, emit);
  emit.text_or_hex(Field::chassis_id, value);
}

void port_id(Reader tlv, Emit& emit) {
  if (tlv.size() < 2) return emit.malformed();
  uint8_t subtype = tlv.u8();
  Bytes value = tlv.take_rest();
  if (subtype == 3 && value.size() == 6) return emit.mac(Field::port_id, Reader(value).mac());
  if (subtype == 4) return network_address(Field::port_id, value, emit);
  emit.text_or_hex(Field::port_id, value);
}

void capabilities(Reader tlv, Emit& emit) {
  tlv.skip(2);
  uint16_t enabled = tlv.u16();
  if (!tlv.ok()) return emit.malformed();
  static constexpr std::string_view names[] = {
      "other ",  "repeater ", "bridge ", "access-point ", "router ",        "telephone ",
      "docsis ", "station ",  "c-vlan ", "s-vlan ",       "two-port-relay "};
  std::array<char, 128> list;  // room for all of them
  size_t size = 0;
  for (size_t bit = 0; bit < std::size(names); ++bit) {
    if ((enabled >> bit & 1) == 0) continue;
    size += names[bit].copy(list.data() + size, list.size() - size);
  }
  emit.text(Field::capabilities, std::string_view(list.data(), size));
}

void management_address(Reader tlv, Emit& emit) {
  Bytes address = tlv.take(tlv.u8());
  if (!tlv.ok()) return emit.malformed();
  network_address(Field::management_address, address, emit);
}

void med(uint8_t subtype, Reader tlv, Emit& emit) {
  static constexpr Field inventory[] = {Field::hardware_revision, Field::firmware_revision,
                                        Field::software_revision, Field::serial,
                                        Field::manufacturer,      Field::model,
                                        Field::asset_id};
  if (subtype >= 5 && subtype <= 11) emit.text(inventory[subtype - 5], tlv.take_rest());
}

/// IEEE 802.1Q-2018, annex D. What is bad here is bad for the length it states itself.
void bridging(uint8_t subtype, Reader tlv, Emit& emit) {
  if (subtype == 1) {  // port VLAN id; 0: the port has none
    uint16_t vlan = tlv.u16();
    if (vlan != 0) emit.number(Field::native_vlan, vlan);
  } else if (subtype == 3) {  // VLAN name
    tlv.skip(2);
    emit.text(Field::vlan_name, tlv.take(tlv.u8()));
  } else if (subtype ==
             4) {  // protocol identity: which protocols run there tells nothing of a maker
    tlv.skip(tlv.u8());
  }
  if (!tlv.ok()) emit.malformed();
}

void organization(Reader tlv, Emit& emit) {
  uint32_t oui = tlv.u24();
  uint8_t subtype = tlv.u8();
  if (!tlv.ok()) return emit.malformed();
  if (oui == kMed) return med(subtype, tlv, emit);
  if (oui == kIeee8021) return bridging(subtype, tlv, emit);
  bool anybodys = oui == kIeee8023 || oui == kIana || oui == kDcbx;
  if (!anybodys) emit.oui(Field::organization_oui, oui);
}

}  // namespace

void lldp(const Packet&, Reader& reader, Emit& emit) {
  for (int place = kChassisId; reader.ok() && !reader.empty(); ++place) {
    uint16_t head = reader.u16();
    Reader tlv = reader.sub(head & 0x1ff);
    if (!reader.ok()) return;
    int type = head >> 9;
    if (place <= kLifetime && type != place) return emit.malformed();  // 8.2: these three, in order
    switch (type) {
      case kEnd:
        return;
      case kChassisId:
        chassis_id(tlv, emit);
        break;
      case kPortId:
        port_id(tlv, emit);
        break;
      case kPortDescription:
        emit.text(Field::port_description, tlv.take_rest());
        break;
      case kSystemName:
        emit.text(Field::system_name, tlv.take_rest());
        break;
      case kSystemDescription:
        emit.text(Field::system_description, tlv.take_rest());
        break;
      case kCapabilities:
        capabilities(tlv, emit);
        break;
      case kManagementAddress:
        management_address(tlv, emit);
        break;
      case kOrganization:
        organization(tlv, emit);
        break;
      default:
        break;
    }
  }
}

}  // namespace tapwarden::protocols
