// SPDX-License-Identifier: Apache-2.0
// Attributes of Wi-Fi Simple Configuration 2.0.8 (clause 12): how a device describes itself, in
// beacons and when it enrols.
#pragma once

#include "dissect/emit.hpp"

namespace tapwarden {

/// Emits system_name, manufacturer, model, model_number and serial. False when the list is broken:
/// what stood before stays said.
bool emit_simple_configuration(Reader list, Emit& emit);

}  // namespace tapwarden
