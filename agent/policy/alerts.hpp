// SPDX-License-Identifier: Apache-2.0
// Alerts: all of them, and what moves them. One for each device and policy entry, however many
// packets, taps, VLANs and addresses, and across restarts: promise 6.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/refusals.hpp"
#include "inventory/device.hpp"
#include "policy/alert.hpp"
#include "policy/authorisations.hpp"
#include "policy/judge.hpp"
#include "policy/policy.hpp"

namespace tapwarden {

struct AlertSettings {
  size_t alerts_max = 1 << 20;  ///< 1 to 16777216; resolved ones give way, what is over is counted
  std::chrono::milliseconds gather =
      std::chrono::minutes(1);  ///< changes that come within so long of an event are told together
  std::chrono::milliseconds resolve_after =
      std::chrono::days(30);                 ///< of a device's absence; 0: never
  std::chrono::milliseconds remind_after{};  ///< of no event, while new, open or reopened; 0: never

  bool operator==(const AlertSettings&) const = default;
};

/// The alert about this device and entry as it begins, with the event that raises it.
Alert alert_of(const Device& device, const Hit& hit, std::string_view site);

/// What an operator does about an alert.
struct Action {
  enum class Kind : uint8_t { acknowledge, authorise, suppress, reopen };
  Kind kind = Kind::acknowledge;
  std::string actor;
  std::string reason;
  std::optional<Timestamp> until{};  ///< of an authorisation; none: for good
  bool is_by_file = false;           ///< nobody has done it: a file says so
};

class Alerts {
 public:
  /// `device` is null where it is not known any more.
  using OnEvent = std::function<void(const Alert&, const AlertEvent&, const Device* device)>;

  static constexpr std::chrono::hours new_for{24};  ///< then a new alert is an open one

  /// `taps` are the names of those of this run: places are told by them.
  Alerts(const Policies& policies, JudgeSettings judge, AlertSettings settings,
         std::vector<std::string> taps, OnEvent on_event);

  /// Judges a device of which something changed: sets its is_flagged, raises what was not raised
  /// before and tells what is new about what was.
  void judge(Device& device);
  /// The device was there, though nothing about it changed.
  void heard(const Device& device);
  /// Tells the changes that have waited long enough.
  void tell_gathered(Timestamp now, bool all = false);
  /// What time brings about: devices that are gone, authorisations that are over, reminders.
  void tick(Timestamp now);
  /// Empty where it was done; otherwise why it cannot be.
  std::string act(std::string_view id, const Action& action, Timestamp now, const Device* device);

  /// Takes an alert from an earlier run, also in the place of one that this run has begun anew
  /// since it did not know: what somebody has done about that one is kept. Nothing is told.
  void restore(Alert alert);
  /// Forgets those that were resolved before then and have nothing left to tell.
  void forget(Timestamp before);
  /// Called with the id of each alert that is forgotten, also to make room.
  void on_forget(std::function<void(const std::string& id)> on_forget) {
    on_forget_ = std::move(on_forget);
  }
  /// Moves on by the time that nobody listened.
  void shift(std::chrono::nanoseconds time);
  /// From now on these decide; devices are to be judged again.
  void authorise_by(Authorisations authorisations);
  /// The same of what devices are judged by beside the policies.
  void judge_by(JudgeSettings judge) { judge_ = std::move(judge); }
  /// Storm control has this event in its next digest.
  void hold(const Alert& alert, const AlertEvent& event);
  /// That digest was sent: the ids of the alerts whose events it held.
  std::vector<std::string> release();

  /// The entries that flag this device now.
  std::vector<Hit> hits(const Device& device) const {
    return tapwarden::hits(policies_, judge_, device);
  }
  const Alert* find(std::string_view id) const;
  /// The alert about this device and entry; null when there is none.
  const Alert* find(const Device& device, const Hit& hit) const;
  template <typename Visit>
  void each(Visit&& visit) const {
    for (const auto& [id, alert] : alerts_) visit(alert);
  }
  /// Whether an alert is about this device.
  bool knows(const Device& device) const { return !ids_of(device).empty(); }
  /// Whether some are, and all of them are resolved.
  bool is_over(const Device& device) const;
  size_t size() const { return alerts_.size(); }
  uint64_t refused() const { return refused_.count(); }  ///< that found no room
  uint64_t evicted() const { return evicted_; }          ///< resolved ones that gave way to others

 private:
  using Ids = std::vector<std::string>;

  Ids ids_of(const Device& device) const;
  Alert* pick(const Ids& ids, const Hit& hit, const Device& device);
  std::string site_of(const Device& device) const;
  bool make_room();
  Alert& put(Alert alert);
  void remove(const std::string& id);
  void forget(const std::string& id);
  void raise(const Device& device, const Hit& hit);
  void update(Alert& alert, const Device& device, const Hit& hit);
  void tell_pending(Alert& alert, Timestamp time, const Device* device);
  void come_back(Alert& alert, const Device& device);
  void withdraw(Alert& alert, const Device& device);
  void authorise_by_file(Alert& alert, const Device& device, const Hit& hit);
  void take_back(Alert& alert, const Device& device);
  void know_as(Alert& alert, const Device& device);
  void tell(Alert& alert, AlertEventKind kind, Timestamp time, const Device* device,
            std::vector<std::string> changes = {}, const Action* action = nullptr,
            bool is_quiet = false);

  const Policies& policies_;
  JudgeSettings judge_;
  AlertSettings settings_;
  std::vector<std::string> taps_;
  Authorisations authorisations_;
  OnEvent on_event_;
  std::function<void(const std::string& id)> on_forget_ = [](const std::string&) {};
  std::unordered_map<std::string, Alert> alerts_;
  boost::unordered_flat_map<std::string, Ids> subjects_;  // ids of the alerts about each
  std::vector<std::string> pending_;                      // ids of alerts with changes that wait
  Refusals<std::string> refused_;
  uint64_t evicted_ = 0;
  bool is_full_ = false;  // none was found that may give way
};

}  // namespace tapwarden
