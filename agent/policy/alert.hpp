// SPDX-License-Identifier: Apache-2.0
// Alert: that a device meets an entry of a policy, with its life: states that operators and time
// bring about, and events, each of which is told once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/severity.hpp"
#include "core/time.hpp"
#include "inventory/device.hpp"

namespace tapwarden {

enum class AlertState : uint8_t {
  new_,          ///< raised, and nothing has happened since
  open,          ///< something more happened, or a day has gone by, and nobody has acted
  acknowledged,  ///< somebody has taken it on
  authorised,    ///< the device may be there, until a day: nothing more is told until then
  suppressed,    ///< nothing more is told
  resolved,      ///< the device has been gone for long
  reopened,      ///< it was settled and is not any more
};
inline constexpr std::string_view alert_states[] = {
    "new", "open", "acknowledged", "authorised", "suppressed", "resolved", "reopened"};
std::string_view to_string(AlertState state);

enum class AlertEventKind : uint8_t {
  raised,
  updated,       ///< a better grade, a further witness, another port or VLAN
  returned,      ///< seen again after an absence
  contradicted,  ///< something speaks against it, or nothing speaks for it any more
  resolved,
  reopened,
  acknowledged,
  authorised,
  suppressed,
  expired,  ///< the day until which it was authorised is over
  reminded,
};
inline constexpr std::string_view alert_event_kinds[] = {
    "raised",       "updated",    "returned",   "contradicted", "resolved", "reopened",
    "acknowledged", "authorised", "suppressed", "expired",      "reminded"};
std::string_view to_string(AlertEventKind kind);

struct AlertEvent {
  std::string id;  ///< made of the alert's id and the event's place in its life
  AlertEventKind kind = AlertEventKind::raised;
  AlertState state = AlertState::new_;  ///< after it
  Timestamp time;
  std::vector<std::string> changes{};  ///< in words: "grade probable to confirmed"
  std::string actor{};                 ///< who did it; empty for the agent
  std::string reason{};
  std::optional<Timestamp> until{};
  bool is_told = true;   ///< false for what an authorised or suppressed alert keeps to itself
  bool is_held = false;  ///< storm control has it in its next digest

  bool operator==(const AlertEvent&) const = default;
};

struct Authorisation;

/// Where the device was heard: by one tap, on one VLAN, in one tunnel. The same equipment is a
/// device of its own in each, and one alert is about all of them.
struct AlertPlace {
  std::string name;        ///< tap, VLANs and tunnel, in words
  std::string site;        ///< the tap's name
  std::string location{};  ///< switch and port
  Timestamp heard{};       ///< last; as Device::heard
  bool is_judged = false;  ///< since the start, and since authorisations were last read
  const Authorisation* authorisation = nullptr;  ///< what these say of it; null: nothing

  bool operator==(const AlertPlace&) const = default;
};

/// What of the device was known when the alert last spoke; lists grow only, up to `list_max`.
struct AlertFacts {
  static constexpr size_t list_max = 32;

  Grade grade = Grade::possible;
  std::vector<std::string> witnesses{};  ///< protocols, or "registry"
  std::vector<std::string> rivals{};     ///< other makers that something speaks for
  std::vector<AlertPlace> places{};

  bool operator==(const AlertFacts&) const = default;
};

struct Alert {
  static constexpr size_t timeline_max = 64;  ///< events in memory; the first stays

  std::string id;
  std::string device;    ///< id of the device that meets it most certainly
  std::string policy;    ///< id
  std::string supplier;  ///< of the entry
  std::string scope;     ///< of the entry
  Severity severity = Severity::medium;
  Aspect aspect = Aspect::platform;
  AlertState state = AlertState::new_;
  bool is_standing = true;  ///< what is known of the device still meets the entry
  Timestamp raised;
  Timestamp changed;    ///< last event
  Timestamp heard;      ///< the device was last heard of, moved on by the time that nobody listened
  Timestamp returned;   ///< the last return that was told
  std::string actor{};  ///< who acknowledged, authorised or suppressed it
  std::string reason{};
  std::optional<Timestamp> until{};
  bool is_by_file = false;  ///< a file of authorisations says so: it can take it back
  AlertFacts facts{};
  std::vector<std::string> subjects{};  ///< names of the device, see subjects()
  std::vector<std::string> met_by{};    ///< ids of the devices that meet it, of this run
  double certainty = 0;                 ///< with which `device` does, of this run
  std::vector<std::string> pending{};   ///< changes that wait for the next event
  std::vector<AlertEvent> timeline{};
  uint64_t events = 0;  ///< all there were

  bool operator==(const Alert&) const = default;
};

/// What an operator does about an alert.
struct Action {
  enum class Kind : uint8_t { acknowledge, authorise, suppress, reopen };
  Kind kind = Kind::acknowledge;
  std::string actor;
  std::string reason;
  std::optional<Timestamp> until{};  ///< of an authorisation; none: for good
  bool is_by_file = false;           ///< nobody has done it: a file says so
};

/// Somebody has said that nothing more is to be told.
bool is_settled(const Alert& alert);
/// By itself, not by somebody's word: what was said of it before is over.
void bring_to(Alert& alert, AlertState state);
/// The next event of the alert's life, in the state that it is in now. Two that say something else
/// have another id, also where the count of events was lost; one that is told again has the same.
AlertEvent& add_event(Alert& alert, AlertEventKind kind, Timestamp time,
                      std::vector<std::string> changes, const Action* action, bool is_quiet);

/// "3 days", "50 hours", "20 minutes": what a time is, roughly.
std::string in_words(std::chrono::nanoseconds time);
/// The last event of the alert's life so far; those that find no room in memory go, the first
/// never.
AlertEvent& append(Alert& alert, AlertEvent event);

}  // namespace tapwarden
