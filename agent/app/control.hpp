// SPDX-License-Identifier: Apache-2.0
// Control: where observations become devices and alerts. One thread owns it; scan and run feed it
// alike.
#pragma once

#include "app/setup.hpp"
#include "inventory/inventory.hpp"
#include "policy/alerts.hpp"
#include "report/names.hpp"

namespace tapwarden {

class Control {
 public:
  Control(const Rules& rules, const config::Settings& settings, const Standpoint& standpoint,
          Alerts::OnEvent on_event)
      : policies_(rules.policies),
        alerts_(rules.policies, settings.judge, life_of(settings), standpoint, std::move(on_event)),
        inventory_(rules.knowledge, settings.inventory, settings.networks, standpoint.taps,
                   [this](Device& device) { alerts_.judge(device); }) {}
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  void observe(const Observation& observation) { inventory_.observe(observation); }
  Inventory& inventory() { return inventory_; }
  const Inventory& inventory() const { return inventory_; }
  Alerts& alerts() { return alerts_; }
  const Alerts& alerts() const { return alerts_; }

  const Policies& policies() const { return policies_; }

 private:
  /// One option says what an absence is, of a device and of what its alerts tell.
  static AlertSettings life_of(const config::Settings& settings) {
    AlertSettings life = settings.alert_life;
    life.absence = settings.inventory.absence;
    return life;
  }

  const Policies& policies_;
  Alerts alerts_;
  Inventory inventory_;
};

}  // namespace tapwarden
