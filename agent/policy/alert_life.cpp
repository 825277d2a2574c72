// SPDX-License-Identifier: Apache-2.0
// What moves an alert from state to state: absence and return, time, operators, files of
// authorisations.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "policy/alert_facts.hpp"
#include "policy/alerts.hpp"

namespace tapwarden {

namespace {

bool waits_for_somebody(const Alert& alert) {
  return alert.state == AlertState::new_ || alert.state == AlertState::open ||
         alert.state == AlertState::reopened;
}

void begin(Alert& alert) {
  if (alert.state == AlertState::new_) alert.state = AlertState::open;
}

}  // namespace

// --- changes of the device -----------------------------------------------------------------------

void Alerts::tell_pending(Alert& alert, Timestamp time, const Device* device) {
  if (alert.pending.empty()) return;
  begin(alert);
  tell(alert, AlertEventKind::updated, time, device, std::exchange(alert.pending, {}));
}

void Alerts::tell_gathered(Timestamp now, bool all) {
  std::erase_if(pending_, [&](const std::string& id) {
    Alert& alert = alerts_.find(id)->second;
    if (!all && now - alert.changed < settings_.gather) return alert.pending.empty();
    tell_pending(alert, now, nullptr);
    return true;
  });
}

/// Exactly one event for each absence, whatever else happens meanwhile, and none where the device
/// was heard elsewhere in that time. Only what was heard since ends one: rules that are read again,
/// or a state, bring nobody back.
void Alerts::come_back(Alert& alert, const Device& device) {
  bool is_heard = device.heard > alert.heard;
  bool is_back = device.returned > alert.returned;
  Timestamp left = device.returned - device.away;
  std::vector<AlertPlace*> here = places_of(alert.facts, device, standpoint_.taps);
  for (const AlertPlace& one : alert.facts.places) {
    if (std::ranges::find(here, &one) == here.end()) left = std::max(left, one.heard);
  }
  is_back = is_back && device.returned - left > settings_.absence;
  alert.heard = std::max(alert.heard, device.heard);
  alert.returned = std::max(alert.returned, device.returned);
  if (!is_back && !(is_heard && alert.state == AlertState::resolved)) return;
  begin(alert);
  if (alert.state == AlertState::resolved) bring_to(alert, AlertState::reopened);
  std::vector<std::string> changes;
  if (is_back) changes.push_back("after " + in_words(device.returned - left));
  tell(alert, AlertEventKind::returned, time_of(device), &device, std::move(changes));
}

void Alerts::heard(const Device& device) {
  for (const std::string& id : ids_of(device)) {
    Alert& alert = alerts_.find(id)->second;
    if (alert.is_standing || alert.state != AlertState::resolved) come_back(alert, device);
  }
}

/// None of the devices that it is about meets the entry any more.
void Alerts::withdraw(Alert& alert, const Device& device) {
  if (!alert.is_standing) return;
  alert.is_standing = false;
  Timestamp now = time_of(device);
  std::vector<Hit> in_force =
      policies_.hits(alert.supplier, judge_.policies, judge_.as_of.value_or(today()));
  if (std::ranges::none_of(in_force, [&](const Hit& hit) { return is_about(alert, hit); })) {
    if (alert.state == AlertState::resolved) return;
    bool is_quiet = is_settled(alert);
    bring_to(alert, AlertState::resolved);
    return tell(alert, AlertEventKind::resolved, now, &device,
                {"no policy in force names it any more"}, nullptr, is_quiet);
  }
  begin(alert);
  std::string maker = device.verdict ? device.verdict->supplier : "no maker that the rules know";
  tell(alert, AlertEventKind::contradicted, now, &device,
       {maker == alert.supplier
            ? "what is known does not suffice for the entry any more"
            : "what is known no longer meets the entry: it speaks for " + maker});
}

void Alerts::stand_again(Alert& alert, const Device& device, std::vector<std::string>& changes) {
  alert.is_standing = true;
  if (alert.state != AlertState::resolved) {
    changes.insert(changes.begin(), "the evidence speaks for it again");
    return;
  }
  bring_to(alert, AlertState::reopened);
  tell(alert, AlertEventKind::reopened, time_of(device), &device,
       {"a policy in force names it again"});
}

// --- time ----------------------------------------------------------------------------------------

void Alerts::tick(Timestamp now) {
  is_full_ = false;  // some may be over by now
  for (auto& [id, alert] : alerts_) age(alert, now);
}

void Alerts::age(Alert& alert, Timestamp now) {
  bool is_over = alert.state == AlertState::authorised && alert.until && *alert.until < now;
  bool is_gone = settings_.resolve_after.count() != 0 && alert.state != AlertState::resolved &&
                 now - alert.heard > settings_.resolve_after;
  if (is_over) {
    bring_to(alert, AlertState::reopened);
    tell(alert, AlertEventKind::expired, now, nullptr, {"the authorisation is over"});
  } else if (is_gone && !is_settled(alert)) {
    bring_to(alert, AlertState::resolved);
    tell(alert, AlertEventKind::resolved, now, nullptr,
         {"not seen for " + in_words(now - alert.heard)});
  } else if (settings_.remind_after.count() != 0 && waits_for_somebody(alert) &&
             now - alert.changed > settings_.remind_after) {
    begin(alert);
    tell(alert, AlertEventKind::reminded, now, nullptr, {"nobody has acted on it"});
  } else if (alert.state == AlertState::new_ && now - alert.raised > new_for) {
    begin(alert);
    tell(alert, AlertEventKind::updated, now, nullptr, {"not new any more"}, nullptr, true);
  }
}

void Alerts::shift(std::chrono::nanoseconds time, Timestamp now) {
  auto move = [&](Timestamp& moment) {
    if (moment != Timestamp{}) moment = std::min(moment + time, now);
  };
  for (auto& [id, alert] : alerts_) {
    move(alert.heard);
    move(alert.changed);
    move(alert.returned);
    for (AlertPlace& place : alert.facts.places) move(place.heard);
  }
}

// --- operators -----------------------------------------------------------------------------------

std::string Alerts::act(std::string_view id, const Action& action, Timestamp now,
                        const Device* device) {
  auto found = alerts_.find(std::string(id));
  if (found == alerts_.end()) return fmt::format("there is no alert {}", id);
  Alert& alert = found->second;
  AlertEventKind kind = AlertEventKind::acknowledged;
  std::vector<std::string> changes;
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
      if (action.is_by_file) changes.push_back("a file of authorisations says so");
      break;
    case Action::Kind::suppress:
      alert.state = AlertState::suppressed;
      kind = AlertEventKind::suppressed;
      break;
    case Action::Kind::reopen:
      if (waits_for_somebody(alert))
        return fmt::format("it is {} as it is", to_string(alert.state));
      if (authorisation_of(alert) != nullptr)
        return "a file of authorisations says that it may be there: take it out of there and "
               "reload";
      alert.state = AlertState::reopened;
      alert.heard = now;  // looked at anew: gone from here on
      kind = AlertEventKind::reopened;
      break;
  }
  alert.actor = action.actor;
  alert.reason = action.reason;
  alert.until = action.until;
  alert.is_by_file = action.is_by_file;
  tell(alert, kind, now, device, std::move(changes), &action);
  return {};
}

// --- files of authorisations ---------------------------------------------------------------------

void Alerts::authorise_by(Authorisations authorisations) {
  authorisations_ = std::move(authorisations);
  for (auto& [id, alert] : alerts_) {
    for (AlertPlace& place : alert.facts.places) {
      place.is_judged = false;
      place.authorisation = nullptr;
    }
  }
}

/// What the files say of the device in each of its places.
void Alerts::look_up(Alert& alert, const Device& device, const Hit& hit) {
  if (authorisations_.all().empty() && !alert.is_by_file) return;
  Date day(std::chrono::floor<std::chrono::days>(time_of(device)));
  for (AlertPlace* place : places_of(alert.facts, device, standpoint_.taps)) {
    place->is_judged = true;
    place->authorisation = authorisations_.find(device, place->site, hit, day);
  }
  judged_.insert(alert.id);
}

/// One that names no site is for the device wherever it is; one that does is for that site alone,
/// and of each place in which the device was lately heard one must hold. Of several the one that is
/// over first; null where there is none.
const Authorisation* Alerts::authorisation_of(const Alert& alert) const {
  auto is_meant = [&](const AlertPlace& place) {
    bool is_left =
        settings_.resolve_after.count() != 0 && alert.heard - place.heard > settings_.resolve_after;
    return place.is_judged && !is_left;
  };
  auto is_sooner = [](const Authorisation* one, const Authorisation* other) {
    constexpr Date never{std::chrono::year::max(), std::chrono::December, std::chrono::day(31)};
    auto rank = [&](const Authorisation* of) {
      return std::tuple(of->until.value_or(never), of->by, of->reason);
    };
    return other == nullptr || rank(one) < rank(other);
  };
  const Authorisation* everywhere = nullptr;
  for (const AlertPlace& place : alert.facts.places) {
    const Authorisation* one = is_meant(place) ? place.authorisation : nullptr;
    if (one != nullptr && one->site.empty() && is_sooner(one, everywhere)) everywhere = one;
  }
  const Authorisation* found = nullptr;
  for (const AlertPlace& place : alert.facts.places) {
    if (!is_meant(place)) continue;
    const Authorisation* one = place.authorisation != nullptr ? place.authorisation : everywhere;
    if (one == nullptr) return nullptr;
    if (is_sooner(one, found)) found = one;
  }
  return found;
}

void Alerts::authorise_judged(Timestamp now) {
  for (const std::string& id : std::exchange(judged_, {})) {
    if (auto found = alerts_.find(id); found != alerts_.end())
      authorise_by_file(found->second, now);
  }
}

void Alerts::authorise_by_file(Alert& alert, Timestamp now) {
  bool is_by_file = alert.state == AlertState::authorised && alert.is_by_file;
  if ((is_settled(alert) && !is_by_file) || alert.state == AlertState::resolved) return;
  const Authorisation* found = authorisation_of(alert);
  if (found == nullptr) {
    // That a day is over, age() tells.
    if (!is_by_file || (alert.until && *alert.until < now)) return;
    bring_to(alert, AlertState::reopened);
    return tell(alert, AlertEventKind::reopened, now, nullptr, {"no file authorises it any more"});
  }
  Action action{Action::Kind::authorise, found->by, found->reason, {}, true};
  if (found->until) action.until = end_of(*found->until);
  bool is_as_it_was =
      alert.actor == action.actor && alert.reason == action.reason && alert.until == action.until;
  if (!is_by_file || !is_as_it_was) act(alert.id, action, now, nullptr);
}

}  // namespace tapwarden
