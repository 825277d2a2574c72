// SPDX-License-Identifier: Apache-2.0
#include "policy/alerts.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <span>
#include <tuple>

#include "inventory/verdict.hpp"

namespace tapwarden {

namespace {

bool is_settled(const Alert& alert) {
  return alert.state == AlertState::authorised || alert.state == AlertState::suppressed;
}

bool waits_for_somebody(const Alert& alert) {
  return alert.state == AlertState::new_ || alert.state == AlertState::open ||
         alert.state == AlertState::reopened;
}

/// False where it stood there or there is no room.
bool add(std::vector<std::string>& list, std::string_view text) {
  if (std::ranges::find(list, text) != list.end() || list.size() >= AlertFacts::list_max)
    return false;
  list.emplace_back(text);
  return true;
}

std::string place_of(const Device& device, std::string_view tap) {
  std::string place = fmt::format("tap {}", tap);
  for (uint16_t vlan : device.key.context.vlans()) place += fmt::format(", VLAN {}", vlan);
  if (device.key.context.tunnel != Tunnel::none) {
    place +=
        fmt::format(", {} {}", to_string(device.key.context.tunnel), device.key.context.tunnel_id);
  }
  return place;
}

std::string location_of(const Device& device) {
  if (device.location_switch.empty() && device.location_port.empty()) return {};
  return fmt::format("{} port {}", device.location_switch.empty() ? "?" : device.location_switch,
                     device.location_port.empty() ? "?" : device.location_port);
}

/// Takes over what the device's standing shows now and says in words what of it is news.
struct News {
  std::vector<std::string> changes;
  std::vector<std::string> contradictions;
};
News learn(AlertFacts& facts, const Device& device, const Hit& hit, std::string place) {
  News news;
  std::vector<Standing> makers = standings(device, hit.aspect);
  for (const Standing& one : makers) {
    if (one.maker == hit.entry->supplier) {
      Grade grade = grade_of(one.certainty);
      if (grade > facts.grade) {
        news.changes.push_back(
            fmt::format("grade {} to {}", to_string(facts.grade), to_string(grade)));
        facts.grade = grade;
      }
      for (const Witness& witness : one.witnesses) {
        if (add(facts.witnesses, witness.name))
          news.changes.push_back(fmt::format("further evidence: {}", witness.name));
      }
    } else if (grade_of(one.certainty) >= Grade::probable && add(facts.rivals, one.maker)) {
      news.contradictions.push_back(fmt::format("something speaks for {}", one.maker));
    }
  }
  if (add(facts.places, place)) news.changes.push_back("seen on " + place);
  std::string location = location_of(device);
  if (!location.empty() && location != facts.location) {
    news.changes.push_back(facts.location.empty()
                               ? "at " + location
                               : fmt::format("moved from {} to {}", facts.location, location));
    facts.location = std::move(location);
  }
  return news;
}

/// The next event of the alert's life, in the state that it is in now.
AlertEvent& add_event(Alert& alert, AlertEventKind kind, Timestamp time,
                      std::vector<std::string> changes, const Action* action) {
  AlertEvent event;
  std::string text = fmt::format("{}|{}|{}", alert.id, alert.events++, to_string(kind));
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
  event.is_told = !is_settled(alert) || action != nullptr;
  alert.changed = time;
  if (alert.timeline.size() >= Alert::timeline_max)
    alert.timeline.erase(alert.timeline.begin() + 1);
  return alert.timeline.emplace_back(std::move(event));
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
  learn(alert.facts, device, hit, place_of(device, site));
  add_event(alert, AlertEventKind::raised, alert.raised, {}, nullptr);
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
    Alert& alert = alerts_.find(id)->second;
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
    Alert& alert = alerts_.find(id)->second;
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
    other->state = AlertState::resolved;
    other->is_standing = false;
    tell(*other, AlertEventKind::resolved, device.last_seen, &device,
         {"the same device as that of alert " + about.front()->id});
  }
  return about.front();
}

std::string Alerts::site_of(const Device& device) const {
  return device.key.context.tap < taps_.size() ? taps_[device.key.context.tap] : std::string();
}

void Alerts::raise(const Device& device, const Hit& hit) {
  if (alerts_.size() >= settings_.alerts_max) {
    ++refused_;
    return;
  }
  Alert fresh = alert_of(device, hit, site_of(device));
  std::string id = fresh.id;
  Alert& alert = alerts_.insert_or_assign(std::move(id), std::move(fresh)).first->second;
  for (const std::string& subject : alert.subjects) subjects_[subject].push_back(alert.id);
  on_event_(alert, alert.timeline.front(), &device);
  authorise_by_file(alert, device, hit);
}

void Alerts::know_as(Alert& alert, const Device& device) {
  alert.device = device.id;
  for (std::string& subject : subjects(device)) {
    if (!add(alert.subjects, subject)) continue;
    subjects_[std::move(subject)].push_back(alert.id);
  }
}

void Alerts::update(Alert& alert, const Device& device, const Hit& hit) {
  know_as(alert, device);
  alert.severity = hit.entry->severity;
  come_back(alert, device);
  News news = learn(alert.facts, device, hit, place_of(device, site_of(device)));
  if (!alert.is_standing) {
    alert.is_standing = true;
    news.changes.insert(news.changes.begin(), "the evidence speaks for it again");
  }
  if (!news.changes.empty()) {
    if (alert.state == AlertState::new_) alert.state = AlertState::open;
    tell(alert, AlertEventKind::updated, device.last_seen, &device, std::move(news.changes));
  }
  if (!news.contradictions.empty()) {
    tell(alert, AlertEventKind::contradicted, device.last_seen, &device,
         std::move(news.contradictions));
  }
  authorise_by_file(alert, device, hit);
}

/// Exactly one event for each absence, whatever else happens meanwhile.
void Alerts::come_back(Alert& alert, const Device& device) {
  alert.heard = std::max(alert.heard, device.heard);
  bool is_back = device.returned > alert.returned;
  if (!is_back && alert.state != AlertState::resolved) return;
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
  if (is_settled(alert)) return;
  Date day(std::chrono::floor<std::chrono::days>(device.last_seen));
  const Authorisation* found = authorisations_.find(device, site_of(device), hit, day);
  if (found == nullptr) return;
  Action action{Action::Kind::authorise, found->by, found->reason, {}};
  if (found->until) action.until = end_of(*found->until);
  act(alert.id, action, device.last_seen, &device);
}

void Alerts::heard(const Device& device) {
  for (const std::string& id : ids_of(device)) {
    Alert& alert = alerts_.find(id)->second;
    alert.heard = std::max(alert.heard, device.heard);
  }
}

void Alerts::tick(Timestamp now) {
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
  tell(alert, kind, now, device, {}, &action);
  return {};
}

void Alerts::tell(Alert& alert, AlertEventKind kind, Timestamp time, const Device* device,
                  std::vector<std::string> changes, const Action* action) {
  on_event_(alert, add_event(alert, kind, time, std::move(changes), action), device);
}

void Alerts::restore(Alert alert) {
  for (const std::string& subject : alert.subjects) subjects_[subject].push_back(alert.id);
  std::string id = alert.id;
  alerts_.insert_or_assign(std::move(id), std::move(alert));
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
