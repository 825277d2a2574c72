// SPDX-License-Identifier: Apache-2.0
#include "deliver/deliveries.hpp"

namespace tapwarden {

Deliveries deliveries_of(const Outbox::Status& status) {
  return {status.counters.delivered, status.counters.retried,      status.counters.set_aside,
          status.counters.lost,      status.spool.dropped_devices, status.spool.dropped_alerts,
          status.spool.damaged};
}

Deliveries operator+(const Deliveries& a, const Deliveries& b) {
  return {a.delivered + b.delivered,
          a.retried + b.retried,
          a.set_aside + b.set_aside,
          a.lost + b.lost,
          a.dropped_devices + b.dropped_devices,
          a.dropped_alerts + b.dropped_alerts,
          a.damaged + b.damaged};
}

uint64_t losses(const Deliveries& deliveries) {
  return deliveries.lost + deliveries.dropped_devices + deliveries.dropped_alerts +
         deliveries.damaged;
}

}  // namespace tapwarden
