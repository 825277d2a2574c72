// SPDX-License-Identifier: Apache-2.0
#include "core/seed.hpp"

#include <random>

namespace tapwarden {

uint64_t random_seed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

}  // namespace tapwarden
