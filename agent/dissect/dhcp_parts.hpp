// SPDX-License-Identifier: Apache-2.0
// What DHCP and DHCPv6 have in common: the DHCP unique identifier and domain names in wire form.
#pragma once

#include "core/reader.hpp"
#include "dissect/emit.hpp"

namespace tapwarden {

/// A DHCP unique identifier (RFC 8415, section 11): duid, and duid_mac or vendor_enterprise where
/// it holds one.
void emit_duid(Reader duid, Emit& emit);

/// A domain name in uncompressed wire form (RFC 1035, section 3.1) as dotted text. A partial name,
/// which has no root label (RFC 4702, section 3.1), is taken as it is.
void emit_domain_name(Field field, Reader labels, Emit& emit);

}  // namespace tapwarden
