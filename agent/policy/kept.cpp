// SPDX-License-Identifier: Apache-2.0
// Which alerts are kept: those of earlier runs come back, and of those that are over the oldest go.
#include <algorithm>

#include "policy/alerts.hpp"

namespace tapwarden {

namespace {

/// It is over, and nothing of it is still to be told.
bool may_go(const Alert& alert) {
  return alert.state == AlertState::resolved && alert.pending.empty() &&
         std::ranges::none_of(alert.timeline, &AlertEvent::is_held);
}

/// What somebody has done about an alert that this run took for new comes after what an earlier run
/// knew of it. What files do they do again.
void keep_actions(Alert& alert, const Alert& begun) {
  bool is_acted_upon = false;
  for (const AlertEvent& event : begun.timeline) {
    bool is_by_file =
        begun.is_by_file && event.kind == AlertEventKind::authorised && event.actor == begun.actor;
    if (event.actor.empty() || is_by_file) continue;
    append(alert, event);
    is_acted_upon = true;
  }
  if (!is_acted_upon) return;
  alert.state = begun.state;
  alert.actor = begun.actor;
  alert.reason = begun.reason;
  alert.until = begun.until;
  alert.is_by_file = begun.is_by_file;
}

}  // namespace

void Alerts::restore(Alert alert) {
  if (const Alert* begun = find(alert.id)) keep_actions(alert, *begun);
  put(std::move(alert));
}

/// In the place of the one of that id.
Alert& Alerts::put(Alert alert) {
  remove(alert.id);
  for (const std::string& subject : alert.subjects) subjects_[subject].push_back(alert.id);
  if (!alert.pending.empty()) pending_.insert(alert.id);
  std::string id = alert.id;
  return alerts_.emplace(std::move(id), std::move(alert)).first->second;
}

void Alerts::remove(const std::string& id) {
  auto place = alerts_.find(id);
  if (place == alerts_.end()) return;
  for (const std::string& subject : place->second.subjects) {
    auto about = subjects_.find(subject);
    if (about == subjects_.end()) continue;
    std::erase(about->second, id);
    if (about->second.empty()) subjects_.erase(about);
  }
  pending_.erase(id);
  judged_.erase(id);
  alerts_.erase(place);
}

void Alerts::forget(const std::string& id) {
  remove(id);
  on_forget_(id);
}

void Alerts::forget(Timestamp before) {
  std::vector<std::string> over;
  for (const auto& [id, alert] : alerts_) {
    if (may_go(alert) && alert.changed < before) over.push_back(id);
  }
  for (const std::string& id : over) forget(id);
}

/// The oldest that are over give way, some at once, since all are looked at for it.
bool Alerts::make_room() {
  if (alerts_.size() < settings_.alerts_max) return true;
  if (is_full_) return false;
  std::vector<std::pair<Timestamp, std::string>> over;
  for (const auto& [id, alert] : alerts_) {
    if (may_go(alert)) over.emplace_back(alert.changed, id);
  }
  is_full_ = over.empty();
  if (is_full_) return false;
  size_t count = std::clamp<size_t>(settings_.alerts_max / 64, 1, over.size());
  std::ranges::nth_element(over, over.begin() + static_cast<ptrdiff_t>(count) - 1);
  for (size_t i = 0; i < count; ++i) forget(over[i].second);
  evicted_ += count;
  return true;
}

bool Alerts::is_over(const Device& device) const {
  Ids ids = ids_of(device);
  auto is_resolved = [this](const std::string& id) {
    return alerts_.find(id)->second.state == AlertState::resolved;
  };
  return !ids.empty() && std::ranges::all_of(ids, is_resolved);
}

}  // namespace tapwarden
