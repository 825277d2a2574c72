// SPDX-License-Identifier: Apache-2.0
// tapwarden run: what the command line adds to the configuration, then the daemon.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>

#include "app/commands.hpp"
#include "app/control_access.hpp"
#include "app/daemon.hpp"
#include "app/log.hpp"
#include "app/setup.hpp"

namespace tapwarden {

int run(const Common& common, const RunOptions& options) {
  Setup setup = set_up(common);
  config::Settings& settings = setup.settings;
  if (!options.interfaces.empty()) settings.taps.clear();
  for (const std::string& interface : options.interfaces) {
    TapSettings tap;
    tap.interface = tap.name = interface;
    tap.filter = options.filter;
    settings.taps.push_back(std::move(tap));
  }
  if (std::string error = filter_error(options.filter, TapSettings{}.snaplen); !error.empty())
    throw UsageError(fmt::format("--filter \"{}\": {}", options.filter, error));
  if (!options.alerts_file.empty()) settings.alerts.file = options.alerts_file;
  if (!options.state_directory.empty()) settings.state.directory = options.state_directory;
  if (!options.snapshot_file.empty()) settings.snapshot.file = options.snapshot_file;
  if (options.snapshot_interval) settings.snapshot.interval = *options.snapshot_interval;
  if (settings.taps.empty())
    throw UsageError("no tap: name an interface with -i, or taps in the configuration");
  start_log(settings.log);
  for (const Diagnostic& note : setup.notes.all()) spdlog::warn("{}", note.text());
  // A pipe that nobody reads any more is an error of that output, not the end of the agent.
  std::signal(SIGPIPE, SIG_IGN);
  make_state_directory(settings);
  Daemon daemon(setup, common);
  daemon();
  return kDone;
}

}  // namespace tapwarden
