// SPDX-License-Identifier: Apache-2.0
#include "policy/alert.hpp"

#include <utility>

namespace tapwarden {

std::string_view to_string(AlertState state) { return alert_states[static_cast<size_t>(state)]; }
std::string_view to_string(AlertEventKind kind) {
  return alert_event_kinds[static_cast<size_t>(kind)];
}

AlertEvent& append(Alert& alert, AlertEvent event) {
  ++alert.events;
  alert.changed = event.time;
  if (alert.timeline.size() >= Alert::timeline_max)
    alert.timeline.erase(alert.timeline.begin() + 1);
  return alert.timeline.emplace_back(std::move(event));
}

}  // namespace tapwarden
