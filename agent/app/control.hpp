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
  Control(const Rules& rules, const config::Settings& settings, std::vector<std::string> taps,
          Alerts::OnRaised on_raised)
      : alerts_(rules.policies, settings.judge, std::move(on_raised)),
        inventory_(rules.knowledge, settings.inventory, settings.networks, std::move(taps),
                   [this](Device& device) { alerts_.judge(device); }) {}
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  void observe(const Observation& observation) { inventory_.observe(observation); }
  const Inventory& inventory() const { return inventory_; }
  const Alerts& alerts() const { return alerts_; }

 private:
  Alerts alerts_;
  Inventory inventory_;
};

}  // namespace tapwarden
