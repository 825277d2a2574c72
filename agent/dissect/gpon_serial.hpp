// SPDX-License-Identifier: Apache-2.0
// Serial numbers of optical terminals (ITU-T G.984.3, 9.2.4.1: four letters of the maker, four
// octets) inside the texts by which access nodes tell whose line it is.
#pragma once

#include "dissect/emit.hpp"

namespace tapwarden {

/// Emits gpon_serial, as "ABCD0123CDEF", where `value` holds one: as letters and digits that stand
/// by themselves, all in digits, or as the eight octets that it is made of.
void emit_gpon_serial(Bytes value, Emit& emit);

}  // namespace tapwarden
