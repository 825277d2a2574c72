// SPDX-License-Identifier: Apache-2.0
#include "policy/alerts.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <span>
#include <tuple>

#include "policy/alert_facts.hpp"

namespace tapwarden {

namespace {

bool is_settled(const Alert& alert) {
  return alert.state == AlertState::authorised || alert.state == AlertState::suppressed;
}

bool waits_for_somebody(const Alert& alert) {
  return alert.state == AlertState::new_ || alert.state == AlertState::open ||
         alert.state == AlertState::reopened;
}

/// The next event of the alert's life, in the state that it is in now.
AlertEvent& add_event(Alert& alert, AlertEventKind kind, Timestamp time,
                      std::vector<std::string> changes, const Action* action, bool is_quiet) {
  AlertEvent event;
  std::string text = fmt::format("{}|{}|{}", alert.id, alert.events, to_string(kind));
  event.id = fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
  event.kind = kind;
  event.state = alert.state;
  event.time = time;
  event.changes = std::move(changes);
  if (action != nullptr) {
    event.actor = action->actor;
    event.reason = action->reason;
    event.until = action->until;
  }
  event.is_told = (!is_settled(alert) && !is_quiet) || action != nullptr;
  return append(alert, std::move(event));
}

}  // namespace

Alert alert_of(const Device& device, const Hit& hit, std::string_view site) {
  Alert alert;
  alert.subjects = subjects(device);
  if (alert.subjects.size() > AlertFacts::list_max) alert.subjects.resize(AlertFacts::list_max);
  alert.id = alert_id(alert.subjects.front(), hit);
  alert.device = device.id;
  alert.policy = hit.policy->id;
  alert.supplier = hit.entry->supplier;
  alert.scope = hit.entry->scope;
  alert.severity = hit.entry->severity;
  alert.aspect = hit.aspect;
  alert.raised = device.last_seen;
  alert.heard = device.heard;
  alert.returned = device.returned;
  learn(alert.facts, device, hit, site);
  add_event(alert, AlertEventKind::raised, alert.raised, {}, nullptr, false);
  return alert;
}

Alerts::Alerts(const Policies& policies, JudgeSettings judge, AlertSettings settings,
               std::vector<std::string> taps, OnEvent on_event)
    : policies_(policies),
      judge_(std::move(judge)),
      settings_(settings),
      taps_(std::move(taps)),
      on_event_(std::move(on_event)) {}

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
    auto is_met = [&](const Hit& hit) {
      return hit.policy->id == alert.policy && hit.entry->supplier == alert.supplier &&
             hit.entry->scope == alert.scope;
    };
    if (alert.device == device.id && std::ranges::none_of(found, is_met)) withdraw(alert, device);
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

/// Of several, for two devices that turned out to be one, the first that was raised; the others end
/// here.
Alert* Alerts::pick(const Ids& ids, const Hit& hit, const Device& device) {
  std::vector<Alert*> about;
  for (const std::string& id : ids) {
    auto known = alerts_.find(id);
    if (known == alerts_.end()) continue;  // it has given way just now
    Alert& alert = known->second;
    if (alert.policy == hit.policy->id && alert.supplier == hit.entry->supplier &&
        alert.scope == hit.entry->scope) {
      about.push_back(&alert);
    }
  }
  if (about.empty()) return nullptr;
  std::ranges::stable_sort(about, {},
                           [](const Alert* one) { return std::tie(one->raised, one->id); });
  for (Alert* other : std::span(about).subspan(1)) {
    if (other->state == AlertState::resolved) continue;
    bool is_quiet = is_settled(*other);
    other->state = AlertState::resolved;
    other->is_standing = false;
    tell(*other, AlertEventKind::resolved, device.last_seen, &device,
         {"the same device as that of alert " + about.front()->id}, nullptr, is_quiet);
  }
  return about.front();
}

std::string Alerts::site_of(const Device& device) const {
  return device.key.context.tap < taps_.size() ? taps_[device.key.context.tap] : std::string();
}

void Alerts::raise(const Device& device, const Hit& hit) {
  if (!make_room()) return refused_.add(alert_id(subjects(device).front(), hit));
  Alert& alert = put(alert_of(device, hit, site_of(device)));
  on_event_(alert, alert.timeline.front(), &device);
  authorise_by_file(alert, device, hit);
}

void Alerts::know_as(Alert& alert, const Device& device) {
  alert.device = device.id;
  for (std::string& subject : subjects(device)) {
    if (!add_to(alert.subjects, subject)) continue;
    subjects_[std::move(subject)].push_back(alert.id);
  }
}

void Alerts::update(Alert& alert, const Device& device, const Hit& hit) {
  know_as(alert, device);
  alert.severity = hit.entry->severity;
  come_back(alert, device);
  News news = learn(alert.facts, device, hit, site_of(device));
  if (!alert.is_standing) {
    alert.is_standing = true;
    news.changes.insert(news.changes.begin(), "the evidence speaks for it again");
  }
  if (!news.changes.empty()) {
    if (alert.pending.empty()) pending_.push_back(alert.id);
    for (std::string& change : news.changes) add_to(alert.pending, change);
    Timestamp now = std::max(device.last_seen, alert.changed);
    if (now - alert.changed >= settings_.gather) tell_pending(alert, now, &device);
  }
  if (!news.contradictions.empty()) {
    tell(alert, AlertEventKind::contradicted, device.last_seen, &device,
         std::move(news.contradictions));
  }
  authorise_by_file(alert, device, hit);
}

void Alerts::tell_pending(Alert& alert, Timestamp time, const Device* device) {
  if (alert.pending.empty()) return;
  std::erase(pending_, alert.id);
  if (alert.state == AlertState::new_) alert.state = AlertState::open;
  tell(alert, AlertEventKind::updated, time, device, std::exchange(alert.pending, {}));
}

void Alerts::tell_gathered(Timestamp now, bool all) {
  for (const std::string& id : std::vector(pending_)) {
    Alert& alert = alerts_.find(id)->second;
    if (all || now - alert.changed >= settings_.gather) tell_pending(alert, now, nullptr);
  }
}

/// Exactly one event for each absence, whatever else happens meanwhile. Only what was heard since
/// ends one: rules that are read again, or a state, bring nobody back.
void Alerts::come_back(Alert& alert, const Device& device) {
  bool is_heard = device.heard > alert.heard;
  alert.heard = std::max(alert.heard, device.heard);
  bool is_back = device.returned > alert.returned;
  if (!is_back && !(is_heard && alert.state == AlertState::resolved)) return;
  alert.returned = std::max(alert.returned, device.returned);
  if (alert.state == AlertState::resolved)
    alert.state = AlertState::reopened;
  else if (alert.state == AlertState::new_)
    alert.state = AlertState::open;
  tell(alert, AlertEventKind::returned, device.last_seen, &device,
       is_back ? std::vector{fmt::format(
                     "after {} hours", std::chrono::floor<std::chrono::hours>(device.away).count())}
               : std::vector<std::string>{});
}

void Alerts::withdraw(Alert& alert, const Device& device) {
  if (!alert.is_standing) return;
  alert.is_standing = false;
  if (alert.state == AlertState::new_) alert.state = AlertState::open;
  std::string maker = device.verdict ? device.verdict->supplier : "no maker that the rules know";
  tell(alert, AlertEventKind::contradicted, device.last_seen, &device,
       {fmt::format("what is known no longer meets the entry: it speaks for {}", maker)});
}

void Alerts::authorise_by_file(Alert& alert, const Device& device, const Hit& hit) {
  bool is_by_file = alert.state == AlertState::authorised && alert.is_by_file;
  if (is_settled(alert) && !is_by_file) return;
  Date day(std::chrono::floor<std::chrono::days>(device.last_seen));
  const Authorisation* found = authorisations_.find(device, site_of(device), hit, day);
  if (found == nullptr) {
    if (is_by_file) take_back(alert, device);
    return;
  }
  Action action{Action::Kind::authorise, found->by, found->reason, {}, true};
  if (found->until) action.until = end_of(*found->until);
  bool is_as_it_was =
      alert.actor == action.actor && alert.reason == action.reason && alert.until == action.until;
  if (is_by_file && is_as_it_was) return;
  act(alert.id, action, device.last_seen, &device);
}

/// Nothing in the files authorises it any more. That a day is over, tick() tells.
void Alerts::take_back(Alert& alert, const Device& device) {
  if (alert.until && *alert.until < device.last_seen) return;
  alert.state = AlertState::reopened;
  alert.is_by_file = false;
  tell(alert, AlertEventKind::reopened, device.last_seen, &device,
       {"no file authorises it any more"});
}

void Alerts::heard(const Device& device) {
  for (const std::string& id : ids_of(device)) {
    Alert& alert = alerts_.find(id)->second;
    if (alert.is_standing || alert.state != AlertState::resolved) come_back(alert, device);
  }
}

void Alerts::tick(Timestamp now) {
  is_full_ = false;  // some may be over by now
  for (auto& [id, alert] : alerts_) {
    bool is_over = alert.state == AlertState::authorised && alert.until && *alert.until < now;
    bool is_gone = settings_.resolve_after.count() != 0 && alert.state != AlertState::resolved &&
                   now - alert.heard > settings_.resolve_after;
    if (is_over) {
      alert.state = AlertState::reopened;
      tell(alert, AlertEventKind::expired, now, nullptr, {"the authorisation is over"});
    } else if (is_gone && !is_settled(alert)) {
      alert.state = AlertState::resolved;
      tell(alert, AlertEventKind::resolved, now, nullptr,
           {fmt::format("not seen for {} days",
                        std::chrono::floor<std::chrono::days>(now - alert.heard).count())});
    } else if (settings_.remind_after.count() != 0 && waits_for_somebody(alert) &&
               now - alert.changed > settings_.remind_after) {
      if (alert.state == AlertState::new_) alert.state = AlertState::open;
      tell(alert, AlertEventKind::reminded, now, nullptr, {"nobody has acted on it"});
    } else if (alert.state == AlertState::new_ && now - alert.raised > new_for) {
      alert.state = AlertState::open;
    }
  }
}

std::string Alerts::act(std::string_view id, const Action& action, Timestamp now,
                        const Device* device) {
  auto found = alerts_.find(std::string(id));
  if (found == alerts_.end()) return fmt::format("there is no alert {}", id);
  Alert& alert = found->second;
  AlertEventKind kind = AlertEventKind::acknowledged;
  switch (action.kind) {
    case Action::Kind::acknowledge:
      if (!waits_for_somebody(alert))
        return fmt::format("it is {}: reopen it first", to_string(alert.state));
      alert.state = AlertState::acknowledged;
      break;
    case Action::Kind::authorise:
      if (action.until && *action.until <= now) return "that day is over already";
      alert.state = AlertState::authorised;
      kind = AlertEventKind::authorised;
      break;
    case Action::Kind::suppress:
      alert.state = AlertState::suppressed;
      kind = AlertEventKind::suppressed;
      break;
    case Action::Kind::reopen:
      if (waits_for_somebody(alert))
        return fmt::format("it is {} as it is", to_string(alert.state));
      alert.state = AlertState::reopened;
      kind = AlertEventKind::reopened;
      break;
  }
  alert.actor = action.actor;
  alert.reason = action.reason;
  alert.until = action.until;
  alert.is_by_file = action.is_by_file;
  tell(alert, kind, now, device, {}, &action);
  return {};
}

void Alerts::tell(Alert& alert, AlertEventKind kind, Timestamp time, const Device* device,
                  std::vector<std::string> changes, const Action* action, bool is_quiet) {
  on_event_(alert, add_event(alert, kind, time, std::move(changes), action, is_quiet), device);
}

void Alerts::shift(std::chrono::nanoseconds time) {
  for (auto& [id, alert] : alerts_) alert.heard += time;
}

void Alerts::authorise_by(Authorisations authorisations) {
  authorisations_ = std::move(authorisations);
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
    if (alert.policy == hit.policy->id && alert.supplier == hit.entry->supplier &&
        alert.scope == hit.entry->scope) {
      return &alert;
    }
  }
  return nullptr;
}

}  // namespace tapwarden
