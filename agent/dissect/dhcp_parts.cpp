// SPDX-License-Identifier: Apache-2.0
#include "dissect/dhcp_parts.hpp"

#include <array>

namespace tapwarden {

namespace {

enum DuidType : uint16_t { kLinkLayerPlusTime = 1, kEnterprise = 2, kLinkLayer = 3 };

constexpr size_t kDuidMax = 130;   // RFC 8415, section 11.1, the type included
constexpr uint16_t kEthernet = 1;  // IANA hardware type
constexpr size_t kLabelMax = 63;   // RFC 1035, section 2.3.4
constexpr size_t kNameTextMax = 253;

void duid_mac(uint16_t hardware, Reader address, Emit& emit) {
  if (hardware == kEthernet && address.size() == 6) emit.mac(Field::duid_mac, address.mac());
}

}  // namespace

void emit_duid(Reader duid, Emit& emit) {
  Bytes whole = duid.peek();
  uint16_t type = duid.u16();
  if (!duid.ok() || whole.size() > kDuidMax) return emit.malformed();
  emit.hex(Field::duid, whole);
  if (type == kLinkLayerPlusTime) {
    uint16_t hardware = duid.u16();
    duid.skip(4);  // time
    duid_mac(hardware, duid, emit);
  } else if (type == kLinkLayer) {
    uint16_t hardware = duid.u16();
    duid_mac(hardware, duid, emit);
  } else if (type == kEnterprise) {
    uint32_t enterprise = duid.u32();
    if (duid.ok()) emit.number(Field::vendor_enterprise, enterprise);
  }
  if (!duid.ok()) emit.malformed();
}

void emit_domain_name(Field field, Reader labels, Emit& emit) {
  std::array<char, kNameTextMax> dotted;
  size_t size = 0;
  while (!labels.empty()) {
    std::string_view label = labels.text(labels.u8());
    if (!labels.ok() || label.size() > kLabelMax) return emit.malformed();
    if (label.empty()) break;  // the root
    if (size + 1 + label.size() > dotted.size()) return emit.malformed();
    if (size != 0) dotted[size++] = '.';
    size += label.copy(dotted.data() + size, dotted.size() - size);
  }
  emit.text(field, std::string_view(dotted.data(), size));
}

}  // namespace tapwarden
