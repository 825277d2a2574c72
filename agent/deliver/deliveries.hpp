// SPDX-License-Identifier: Apache-2.0
// Deliveries: what became of an output's records.
#pragma once

#include <cstdint>

#include "deliver/outbox.hpp"

namespace tapwarden {

struct Deliveries {
  uint64_t delivered = 0;
  uint64_t retried = 0;          ///< attempts that were not the first
  uint64_t set_aside = 0;        ///< refused by the other side, and kept with its reason
  uint64_t lost = 0;             ///< neither spool nor memory had room
  uint64_t dropped_devices = 0;  ///< inventory records that a full spool gave up
  uint64_t dropped_alerts = 0;   ///< and all others
  uint64_t damaged = 0;          ///< what the spool held and nobody can read any more

  bool operator==(const Deliveries&) const = default;
};

Deliveries deliveries_of(const Outbox::Status& status);
Deliveries operator+(const Deliveries& a, const Deliveries& b);
/// Those that nobody will get any more.
uint64_t losses(const Deliveries& deliveries);

}  // namespace tapwarden
