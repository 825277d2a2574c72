// SPDX-License-Identifier: Apache-2.0
// Alerts: all of them, and what moves them. One for each device and policy entry, however many
// packets, taps, VLANs and addresses, and across restarts: promise 6.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
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
      std::chrono::days(30);  ///< of a device's absence; 0: never
  std::chrono::milliseconds absence =
      std::chrono::hours(24);  ///< of which a return is told; as InventoryLimits::absence
  std::chrono::milliseconds remind_after{};  ///< of no event, while new, open or reopened; 0: never

  bool operator==(const AlertSettings&) const = default;
};

/// From where devices are judged.
struct Standpoint {
  std::vector<std::string> taps;     ///< names of those of this run: places are told by them
  std::string sensor{};              ///< whose alerts they are; may be empty
  std::function<Timestamp()> now{};  ///< when things happen; without it when the device was seen,
                                     ///< as in a replay
};

/// The alert about this device and entry as it begins, with the event that raises it.
Alert alert_of(const Device& device, const Hit& hit, const Standpoint& standpoint);

class Alerts {
 public:
  /// `device` is null where it is not known any more.
  using OnEvent = std::function<void(const Alert&, const AlertEvent&, const Device* device)>;

  static constexpr std::chrono::hours new_for{24};  ///< then a new alert is an open one

  Alerts(const Policies& policies, JudgeSettings judge, AlertSettings settings,
         Standpoint standpoint, OnEvent on_event);

  /// Judges a device of which something changed: sets its is_flagged, raises what was not raised
  /// before and tells what is new about what was.
  void judge(Device& device);
  /// The device was there, though nothing about it changed.
  void heard(const Device& device);
  /// What files of authorisations say of all that was judged since: at the end of each round, when
  /// every device that an alert is about has been.
  void authorise_judged(Timestamp now);
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
  /// The clock was set by so much, to `now`: nothing of what is known happened later.
  void shift(std::chrono::nanoseconds time, Timestamp now);
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
  bool is_about(const Alert& alert, const Hit& hit) const;
  Alert* pick(const Ids& ids, const Hit& hit, const Device& device);
  Timestamp time_of(const Device& device) const;
  bool make_room();
  Alert& put(Alert alert);
  void remove(const std::string& id);
  void forget(const std::string& id);
  void raise(const Device& device, const Hit& hit);
  void know_as(Alert& alert, const Device& device, const Hit& hit);
  bool drop_out(Alert& alert, const Device& device);
  void update(Alert& alert, const Device& device, const Hit& hit);
  void stand_again(Alert& alert, const Device& device, std::vector<std::string>& changes);
  void tell_pending(Alert& alert, Timestamp time, const Device* device);
  void come_back(Alert& alert, const Device& device);
  void withdraw(Alert& alert, const Device& device);
  void age(Alert& alert, Timestamp now);
  void look_up(Alert& alert, const Device& device, const Hit& hit);
  const Authorisation* authorisation_of(const Alert& alert) const;
  void authorise_by_file(Alert& alert, Timestamp now);
  void tell(Alert& alert, AlertEventKind kind, Timestamp time, const Device* device,
            std::vector<std::string> changes = {}, const Action* action = nullptr,
            bool is_quiet = false);

  const Policies& policies_;
  JudgeSettings judge_;
  AlertSettings settings_;
  Standpoint standpoint_;
  Authorisations authorisations_;
  OnEvent on_event_;
  std::function<void(const std::string& id)> on_forget_ = [](const std::string&) {};
  std::unordered_map<std::string, Alert> alerts_;
  boost::unordered_flat_map<std::string, Ids> subjects_;  // ids of the alerts about each
  std::set<std::string> pending_;                         // ids of alerts with changes that wait
  std::set<std::string> judged_;                          // and of those that files may authorise
  Refusals<std::string> refused_;
  uint64_t evicted_ = 0;
  bool is_full_ = false;  // none was found that may give way
};

}  // namespace tapwarden
