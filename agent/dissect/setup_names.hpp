// SPDX-License-Identifier: Apache-2.0
// The setup messages of S1AP and NGAP (3GPP TS 36.413, 38.413) in aligned PER (X.691), read as far
// as their common outline goes: the list of information elements and, of these, names.
#pragma once

#include <cstdint>
#include <span>

#include "dissect/emit.hpp"

namespace tapwarden {

/// Emits system_name for the elements with these identifiers, which are PrintableString
/// (SIZE(1..150,...)), when the message is a request or response of this procedure.
void setup_names(uint8_t procedure, std::span<const uint16_t> names, Reader& reader, Emit& emit);

}  // namespace tapwarden
