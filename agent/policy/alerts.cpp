// SPDX-License-Identifier: Apache-2.0
// Which alert is about which device, and what of the device is news to it.
#include "policy/alerts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <tuple>

#include "policy/alert_facts.hpp"

namespace tapwarden {

namespace {

bool is_or_was(const Device& device, const std::string& id) {
  return device.id == id || std::ranges::find(device.former_ids, id) != device.former_ids.end();
}

}  // namespace

Alert alert_of(const Device& device, const Hit& hit, const Standpoint& standpoint) {
  Alert alert;
  alert.subjects = subjects(device);
  if (alert.subjects.size() > AlertFacts::list_max) alert.subjects.resize(AlertFacts::list_max);
  alert.id = alert_id(standpoint.sensor, alert.subjects.front(), hit);
  alert.device = device.id;
  alert.certainty = certainty_of(device, hit);
  alert.met_by = {device.id};
  alert.policy = hit.policy->id;
  alert.supplier = hit.entry->supplier;
  alert.scope = hit.entry->scope;
  alert.severity = hit.entry->severity;
  alert.aspect = hit.aspect;
  alert.raised = standpoint.now ? standpoint.now() : device.last_seen;
  alert.heard = device.heard;
  alert.returned = device.returned;
  learn(alert.facts, device, hit, standpoint.taps);
  add_event(alert, AlertEventKind::raised, alert.raised, {}, nullptr, false);
  return alert;
}

Alerts::Alerts(const Policies& policies, JudgeSettings judge, AlertSettings settings,
               Standpoint standpoint, OnEvent on_event)
    : policies_(policies),
      judge_(std::move(judge)),
      settings_(settings),
      standpoint_(std::move(standpoint)),
      on_event_(std::move(on_event)) {}

Timestamp Alerts::time_of(const Device& device) const {
  return standpoint_.now ? standpoint_.now() : device.last_seen;
}

void Alerts::judge(Device& device) {
  std::vector<Hit> found = hits(device);
  device.is_flagged = !found.empty();
  Ids ids = ids_of(device);
  for (const Hit& hit : found) {
    Alert* alert = pick(ids, hit, device);
    if (alert == nullptr)
      raise(device, hit);
    else
      update(*alert, device, hit);
  }
  for (const std::string& id : ids) {
    auto known = alerts_.find(id);
    if (known == alerts_.end()) continue;  // it has given way just now
    Alert& alert = known->second;
    auto is_met = [&](const Hit& hit) { return is_about(alert, hit); };
    if (std::ranges::any_of(found, is_met)) continue;
    if (drop_out(alert, device) && alert.met_by.empty()) withdraw(alert, device);
  }
}

Alerts::Ids Alerts::ids_of(const Device& device) const {
  Ids ids;
  if (subjects_.empty()) return ids;
  for (const std::string& subject : subjects(device)) {
    auto found = subjects_.find(subject);
    if (found == subjects_.end()) continue;
    for (const std::string& id : found->second) {
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    }
  }
  return ids;
}

/// An entry is known by its scope; where the policy has no such scope any more its words were
/// changed, and it is the same entry.
bool Alerts::is_about(const Alert& alert, const Hit& hit) const {
  if (alert.policy != hit.policy->id || alert.supplier != hit.entry->supplier) return false;
  if (alert.scope == hit.entry->scope) return true;
  return std::ranges::none_of(hit.policy->entries, [&](const PolicyEntry& entry) {
    return entry.supplier == alert.supplier && entry.scope == alert.scope;
  });
}

/// Of several, for devices that turned out to be one, the first that was raised; the others end
/// here.
Alert* Alerts::pick(const Ids& ids, const Hit& hit, const Device& device) {
  std::vector<Alert*> about;
  for (const std::string& id : ids) {
    auto known = alerts_.find(id);
    if (known == alerts_.end()) continue;  // it has given way just now
    if (is_about(known->second, hit)) about.push_back(&known->second);
  }
  if (about.empty()) return nullptr;
  std::ranges::stable_sort(about, {},
                           [](const Alert* one) { return std::tie(one->raised, one->id); });
  for (Alert* other : std::span(about).subspan(1)) {
    other->is_standing = false;
    if (other->state == AlertState::resolved) continue;
    bool is_quiet = is_settled(*other);
    bring_to(*other, AlertState::resolved);
    tell(*other, AlertEventKind::resolved, time_of(device), &device,
         {"the same device as that of alert " + about.front()->id}, nullptr, is_quiet);
  }
  return about.front();
}

void Alerts::raise(const Device& device, const Hit& hit) {
  if (!make_room())
    return refused_.add(alert_id(standpoint_.sensor, subjects(device).front(), hit));
  Alert& alert = put(alert_of(device, hit, standpoint_));
  on_event_(alert, alert.timeline.front(), &device);
  look_up(alert, device, hit);
}

/// The device does not meet it any more, and another one that does speaks for the alert. Whether it
/// did before.
bool Alerts::drop_out(Alert& alert, const Device& device) {
  bool met_it = std::erase_if(alert.met_by,
                              [&](const std::string& id) { return is_or_was(device, id); }) != 0;
  if (!is_or_was(device, alert.device)) return met_it;
  if (!alert.met_by.empty()) {
    alert.device = alert.met_by.front();
    alert.certainty = 0;
  }
  return true;
}

/// The alert speaks of the device that meets it most certainly, and is found by whatever any of
/// them is called.
void Alerts::know_as(Alert& alert, const Device& device, const Hit& hit) {
  double certainty = certainty_of(device, hit);
  bool was_it = is_or_was(device, alert.device);
  if (was_it || certainty > alert.certainty) {
    alert.device = device.id;
    alert.certainty = certainty;
  }
  std::erase_if(alert.met_by, [&](const std::string& id) { return is_or_was(device, id); });
  add_to(alert.met_by, device.id);
  for (std::string& subject : subjects(device)) {
    if (!add_to(alert.subjects, subject)) continue;
    subjects_[std::move(subject)].push_back(alert.id);
  }
}

void Alerts::update(Alert& alert, const Device& device, const Hit& hit) {
  Timestamp now = std::max(time_of(device), alert.changed);
  know_as(alert, device, hit);
  alert.scope = hit.entry->scope;
  come_back(alert, device);
  News news = learn(alert.facts, device, hit, standpoint_.taps);
  if (alert.severity != hit.entry->severity) {
    news.changes.push_back(fmt::format("severity {} to {}", to_string(alert.severity),
                                       to_string(hit.entry->severity)));
    alert.severity = hit.entry->severity;
  }
  if (!alert.is_standing) stand_again(alert, device, news.changes);
  if (!news.changes.empty()) {
    pending_.insert(alert.id);
    for (std::string& change : news.changes) add_to(alert.pending, change);
    if (now - alert.changed >= settings_.gather) tell_pending(alert, now, &device);
  }
  if (!news.contradictions.empty())
    tell(alert, AlertEventKind::contradicted, now, &device, std::move(news.contradictions));
  look_up(alert, device, hit);
}

void Alerts::tell(Alert& alert, AlertEventKind kind, Timestamp time, const Device* device,
                  std::vector<std::string> changes, const Action* action, bool is_quiet) {
  time = std::max(time, alert.changed);  // a timeline does not go back
  on_event_(alert, add_event(alert, kind, time, std::move(changes), action, is_quiet), device);
}

void Alerts::hold(const Alert& alert, const AlertEvent& event) {
  for (AlertEvent& one : alerts_.find(alert.id)->second.timeline) {
    if (one.id == event.id) one.is_held = true;
  }
}

std::vector<std::string> Alerts::release() {
  std::vector<std::string> ids;
  for (auto& [id, alert] : alerts_) {
    bool held = false;
    for (AlertEvent& one : alert.timeline) held = std::exchange(one.is_held, false) || held;
    if (held) ids.push_back(id);
  }
  return ids;
}

const Alert* Alerts::find(std::string_view id) const {
  auto found = alerts_.find(std::string(id));
  return found == alerts_.end() ? nullptr : &found->second;
}

const Alert* Alerts::find(const Device& device, const Hit& hit) const {
  for (const std::string& id : ids_of(device)) {
    const Alert& alert = alerts_.find(id)->second;
    if (is_about(alert, hit)) return &alert;
  }
  return nullptr;
}

}  // namespace tapwarden
