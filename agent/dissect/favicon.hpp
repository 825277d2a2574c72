// SPDX-License-Identifier: Apache-2.0
// The number by which lists of devices know the icon of a web interface: MurmurHash3 (x86, 32 bits,
// seed 0) of the icon in base64, in lines of 76 characters with a line feed behind each, as
// Shodan publishes it.
#pragma once

#include <cstdint>

#include "core/reader.hpp"

namespace tapwarden {

int32_t favicon_hash(Bytes icon);

}  // namespace tapwarden
