// SPDX-License-Identifier: Apache-2.0
// The name by which other tools of a SOC know a flow: Zeek, Suricata, Arkime, Elastic
// (Community ID Flow Hashing, version 1).
#pragma once

#include <cstdint>
#include <string>

#include "core/flow.hpp"

namespace tapwarden {

/// "1:" and 28 characters of base64, the same for both directions; empty for no flow. `seed` is 0
/// unless a site has agreed on another.
std::string community_id(const Flow& flow, uint16_t seed = 0);

}  // namespace tapwarden
