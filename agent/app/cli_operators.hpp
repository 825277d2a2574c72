// SPDX-License-Identifier: Apache-2.0
// The part of the command line that speaks with a running daemon: alerts, inventory, status and
// reload.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "app/commands.hpp"

namespace tapwarden {

class OperatorCommands {
 public:
  OperatorCommands(CLI::App& app, Common& common);
  OperatorCommands(const OperatorCommands&) = delete;
  OperatorCommands& operator=(const OperatorCommands&) = delete;

  /// Runs the one that was named; nothing where it is none of these.
  std::optional<int> operator()() const;

 private:
  void add_alerts(CLI::App& app);
  void add_action(CLI::App& alerts, const char* name, Action::Kind kind, const char* help,
                  const char* examples);
  void add_where(CLI::App& command);
  void add_format(CLI::App& command);
  void on(CLI::App* command, std::function<int()> run) {
    commands_.emplace_back(command, std::move(run));
  }

  Common& common_;
  OperatorOptions options_;
  AlertListOptions alert_filter_;
  InventoryOptions device_filter_;
  AlertActionOptions action_;
  std::string alert_;
  std::vector<std::pair<CLI::App*, std::function<int()>>> commands_;
};

}  // namespace tapwarden
