// SPDX-License-Identifier: Apache-2.0
#include "pipeline/flow_hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <type_traits>

namespace tapwarden {

static_assert(std::has_unique_object_representations_v<Context>);  // it is hashed as octets

uint64_t flow_hash(const Packet& packet, uint64_t seed) {
  struct {
    Context context;
    IpAddress source, target;
    uint16_t source_port, target_port;
  } key;
  std::memset(static_cast<void*>(&key), 0, sizeof key);
  key.context = packet.context;
  key.source = packet.source_ip;
  key.target = packet.target_ip;
  key.source_port = packet.source_port;
  key.target_port = packet.target_port;
  return XXH3_64bits_withSeed(&key, sizeof key, seed) | 1;
}

}  // namespace tapwarden
