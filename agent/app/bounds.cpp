// SPDX-License-Identifier: Apache-2.0
#include "app/bounds.hpp"

#include <fmt/format.h>

namespace tapwarden {

void Bounds::watch(const Control& control, Time now) {
  watch(alerts_, control.alerts().refused(), now);
  watch(devices_, control.inventory().counters().devices_refused, now);
}

void Bounds::watch(Table& table, uint64_t refused, Time now) {
  if (refused > table.refused) {
    table.refused = refused;
    table.refused_at = now;
    if (std::exchange(table.is_full, true)) return;
    on_health_({"bounds", table.name, true,
                fmt::format("new ones are turned away, {} so far: {}", refused, table.why)});
  } else if (table.is_full && now - table.refused_at >= calm) {
    table.is_full = false;
    on_health_({"bounds", table.name, false,
                fmt::format("no further one was turned away for an hour; {} in all", refused)});
  }
}

}  // namespace tapwarden
