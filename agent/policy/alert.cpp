// SPDX-License-Identifier: Apache-2.0
#include "policy/alert.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <utility>

namespace tapwarden {

namespace {

std::string id_of(const Alert& alert, uint64_t place, const AlertEvent& event) {
  std::string text = fmt::format("{}|{}|{}", alert.id, place, to_string(event.kind));
  for (const std::string& change : event.changes) text += '|' + change;
  if (!event.actor.empty()) text += fmt::format("|{}|{}", event.actor, event.reason);
  if (event.until) text += fmt::format("|{}", event.until->time_since_epoch().count());
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

}  // namespace

std::string_view to_string(AlertState state) { return alert_states[static_cast<size_t>(state)]; }
std::string_view to_string(AlertEventKind kind) {
  return alert_event_kinds[static_cast<size_t>(kind)];
}

bool is_settled(const Alert& alert) {
  return alert.state == AlertState::authorised || alert.state == AlertState::suppressed;
}

void bring_to(Alert& alert, AlertState state) {
  alert.state = state;
  alert.actor.clear();
  alert.reason.clear();
  alert.until.reset();
  alert.is_by_file = false;
}

AlertEvent& add_event(Alert& alert, AlertEventKind kind, Timestamp time,
                      std::vector<std::string> changes, const Action* action, bool is_quiet) {
  AlertEvent event;
  event.kind = kind;
  event.state = alert.state;
  event.time = time;
  event.changes = std::move(changes);
  if (action != nullptr) {
    event.actor = action->actor;
    event.reason = action->reason;
    event.until = action->until;
  }
  event.id = id_of(alert, alert.events, event);
  event.is_told = (!is_settled(alert) && !is_quiet) || action != nullptr;
  return append(alert, std::move(event));
}

AlertEvent& append(Alert& alert, AlertEvent event) {
  ++alert.events;
  alert.changed = event.time;
  if (alert.timeline.size() >= Alert::timeline_max)
    alert.timeline.erase(alert.timeline.begin() + 1);
  return alert.timeline.emplace_back(std::move(event));
}

std::string in_words(std::chrono::nanoseconds time) {
  using namespace std::chrono;
  if (time >= days(2)) return fmt::format("{} days", floor<days>(time).count());
  if (time >= hours(2)) return fmt::format("{} hours", floor<hours>(time).count());
  if (time >= minutes(2)) return fmt::format("{} minutes", floor<minutes>(time).count());
  return fmt::format("{} s", floor<seconds>(time).count());
}

}  // namespace tapwarden
