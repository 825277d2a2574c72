// SPDX-License-Identifier: Apache-2.0
// An inventory that is judged by two made-up policies: for the tests of what is reported.
#pragma once

#include <memory>
#include <stdexcept>

#include "policy/alerts.hpp"
#include "report/names.hpp"
#include "support/inventory.hpp"

namespace tapwarden::test {

/// Policy "ban" names Acme with critical severity since 2020-01-01, twice, policy "list" with low.
struct JudgedNetwork {
  explicit JudgedNetwork(std::vector<std::string> taps = {"tap"}) {
    auto write = [&](const std::string& id, std::string_view entries) {
      rules.write(id + ".yaml", "id: " + id + "\ntitle: The " + id +
                                    "\nauthority: Somewhere\nkind: use_ban\nsource: Law 1\n"
                                    "as_of: 2026-09-15\nentries:\n" +
                                    std::string(entries));
    };
    write("ban",
          "  - {supplier: acme, scope: all, severity: critical, from: 2020-01-01,"
          " source: 'Law 1, 2'}\n"
          "  - {supplier: acme, scope: cameras, severity: critical}\n");
    write("list", "  - {supplier: acme, scope: all, severity: low}\n");
    Diagnostics diagnostics;
    std::vector<std::filesystem::path> directories{rules.path()};
    policies = Policies::load(directories, made_up_knowledge().suppliers, diagnostics);
    if (!diagnostics.empty()) throw std::runtime_error(diagnostics.all()[0].text());
    using namespace std::chrono_literals;
    alerts = std::make_unique<Alerts>(policies, JudgeSettings{.as_of = 2026y / 1 / 1},
                                      AlertSettings{}, Standpoint{taps},
                                      [](const Alert&, const AlertEvent&, const Device*) {});
    names = {taps, {"a.pcap", "b.pcap"}, {}};
    inventory = std::make_unique<Inventory>(made_up_knowledge(), InventoryLimits{}, networks,
                                            std::move(taps),
                                            [this](Device& device) { alerts->judge(device); });
  }
  void operator()(const Observation& observation) { inventory->observe(observation); }

  Directory rules;
  Policies policies;
  std::unique_ptr<Alerts> alerts;
  Names names;
  Networks networks;
  std::unique_ptr<Inventory> inventory;
};

}  // namespace tapwarden::test
