// SPDX-License-Identifier: Apache-2.0
// Identity: what proves that two hosts are one device. A serial number, an engine ID or a DUID is
// said by one device alone, whatever interface it speaks from; a MAC address that a device calls
// its own is one more of its keys.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/observation.hpp"
#include "core/seed.hpp"
#include "inventory/device.hpp"

namespace tapwarden {

/// What the observation says that no second device says, as "field text"; empty when it says no
/// such thing, or only what many devices were left with (a serial number of zeros).
std::string proof_of(const Observation& observation);

/// How far a MAC address in a device's own words reaches.
enum class MacWord : uint8_t {
  none,       ///< not its own, or nobody's
  interface,  ///< of one of its interfaces
  chassis,    ///< of the whole device: each of its ports says the same
};
MacWord mac_word(Field field);

class Identity {
 public:
  static constexpr size_t proofs_per_device_max = 16;

  explicit Identity(size_t proofs_max, uint64_t seed = random_seed());

  uint64_t seed() const { return seed_; }
  /// The device proved these in an earlier run with the same seed.
  void restore(const Device& device);

  /// Notes that the device gave the proof; the key of the device that gave it before, if that was
  /// another. A proof for which there is no room is counted and proves nothing.
  std::optional<HostKey> note(std::string_view proof, Device& device);
  /// Forgets what the device proved, when it gives way to another.
  void forget(const Device& device);

  uint64_t refused() const { return refused_; }

 private:
  boost::unordered_flat_map<uint64_t, HostKey> keys_;  // by the proof's hash, seeded
  size_t proofs_max_;
  uint64_t seed_;
  uint64_t refused_ = 0;
};

}  // namespace tapwarden
