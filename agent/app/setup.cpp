// SPDX-License-Identifier: Apache-2.0
#include "app/setup.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "app/control_access.hpp"
#include "capture/live.hpp"
#include "config/load.hpp"

namespace tapwarden {

namespace {

std::string lines(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& one : diagnostics.all()) text += (text.empty() ? "" : "\n") + one.text();
  return text;
}

}  // namespace

Misconfigured::Misconfigured(const Diagnostics& diagnostics)
    : std::runtime_error(lines(diagnostics)) {}

namespace {

/// Those that devices are judged by, and of these the ones that outputs choose.
void check_policies(const Common& common, const Setup& setup, Diagnostics& diagnostics) {
  const std::vector<std::string>& judges = setup.settings.judge.policies;
  auto check = [&](const std::string& id, std::optional<size_t> output) {
    const Policies& known = setup.rules.policies;
    std::string error = known.find(id) == nullptr ? known.unknown(id) : std::string();
    if (error.empty() && output && std::ranges::find(judges, id) == judges.end())
      error = fmt::format("\"{}\" is not enabled, allowed are those of the top-level policies: {}",
                          id, judges.empty() ? "none" : fmt::format("{}", fmt::join(judges, ", ")));
    if (!error.empty())
      config::complain_of_policy(common.configuration, output, id, error, diagnostics);
  };
  for (const std::string& id : judges) check(id, std::nullopt);
  const std::vector<OutputSettings>& outputs = setup.settings.outputs;
  for (size_t i = 0; i < outputs.size(); ++i) {
    for (const std::string& id : outputs[i].outbox.filter.policies) check(id, i);
  }
}

}  // namespace

void read(const Common& common, Setup& setup, Diagnostics& diagnostics) {
  if (!common.configuration.empty())
    setup.settings = config::load(common.configuration, diagnostics, &setup.notes);
  std::vector<std::filesystem::path> operators = setup.settings.knowledge.directories;
  operators.insert(operators.end(), common.knowledge.begin(), common.knowledge.end());
  setup.places = rule_places(common.rules, std::move(operators));
  setup.places.recog =
      common.recog.empty() ? setup.settings.knowledge.recog : std::filesystem::path(common.recog);
  setup.rules = Rules::load(setup.places, diagnostics);
  check_policies(common, setup, diagnostics);
  std::vector<std::string> sites;
  for (const TapSettings& tap : setup.settings.taps)
    sites.push_back(tap.name.empty() ? tap.interface : tap.name);
  setup.authorisations = Authorisations::load(
      setup.settings.alerts.authorisations,
      {setup.rules.policies, setup.settings.judge.policies, setup.rules.knowledge.suppliers, sites},
      diagnostics);
  diagnostics.sort();
}

Recog::Trial verify(const Common& common, Setup& setup, Diagnostics& diagnostics,
                    Diagnostics& notes) {
  read(common, setup, diagnostics);
  check_control(setup.settings, common.configuration, diagnostics);
  setup.rules.knowledge.fingerprints.try_examples(diagnostics);
  notes = setup.rules.knowledge.recog.left_out();
  for (const Diagnostic& one : setup.notes.all())
    notes.add(one.file, one.line, one.column, one.message);
  Recog::Trial trial = setup.rules.knowledge.recog.try_examples(diagnostics, notes);
  notes.sort();
  diagnostics.sort();
  return trial;
}

Setup set_up(const Common& common) {
  Setup setup;
  Diagnostics diagnostics;
  read(common, setup, diagnostics);
  if (!diagnostics.empty()) throw Misconfigured(diagnostics);
  return setup;
}

}  // namespace tapwarden
