// SPDX-License-Identifier: Apache-2.0
// Seed: what nobody outside can foresee, for the hashes of tables that the wire fills. Whoever knew
// it could send what falls on one place.
#pragma once

#include <cstdint>

namespace tapwarden {

/// Another number each time it is asked.
uint64_t random_seed();

}  // namespace tapwarden
