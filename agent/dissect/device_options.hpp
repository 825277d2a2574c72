// SPDX-License-Identifier: Apache-2.0
// What devices at a subscriber's say of themselves in DHCP's vendor options: cable modems and what
// is built with them (CableLabs CL-SP-CANN-DHCP-Reg), and those of TR-069 (BBF TR-069, annex F).
#pragma once

#include "dissect/emit.hpp"

namespace tapwarden {

inline constexpr uint32_t enterprise_cable_labs = 4491;
inline constexpr uint32_t enterprise_broadband_forum = 3561;

/// Emits manufacturer, model, serial, hardware_revision, software_version, organization_oui or
/// device_mac, by the suboption's number, which is the same in DHCP and DHCPv6.
void emit_cable_option(uint16_t code, Bytes value, Emit& emit);

/// Emits organization_oui, serial or product_class: the device's own are the first three numbers,
/// its gateway's the next three. `first` is 1 in DHCP and 11 in DHCPv6.
void emit_device_identity(uint16_t code, uint16_t first, Bytes value, Emit& emit);

}  // namespace tapwarden
