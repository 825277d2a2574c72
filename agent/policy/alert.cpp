// SPDX-License-Identifier: Apache-2.0
#include "policy/alert.hpp"

namespace tapwarden {

std::string_view to_string(AlertState state) { return alert_states[static_cast<size_t>(state)]; }
std::string_view to_string(AlertEventKind kind) {
  return alert_event_kinds[static_cast<size_t>(kind)];
}

}  // namespace tapwarden
