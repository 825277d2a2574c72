// SPDX-License-Identifier: Apache-2.0
#include "app/setup.hpp"

#include <fmt/format.h>

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

void read(const Common& common, Setup& setup, Diagnostics& diagnostics) {
  if (!common.configuration.empty())
    setup.settings = config::load(common.configuration, diagnostics);
  std::vector<std::filesystem::path> operators = setup.settings.knowledge.directories;
  operators.insert(operators.end(), common.knowledge.begin(), common.knowledge.end());
  setup.places = rule_places(common.rules, std::move(operators));
  setup.places.recog =
      common.recog.empty() ? setup.settings.knowledge.recog : std::filesystem::path(common.recog);
  setup.rules = Rules::load(setup.places, diagnostics);
  const std::vector<std::string>& policies = setup.settings.judge.policies;
  for (size_t i = 0; i < policies.size(); ++i) {
    if (setup.rules.policies.find(policies[i]) != nullptr) continue;
    config::complain(common.configuration, "policies", i, setup.rules.policies.unknown(policies[i]),
                     diagnostics);
  }
  std::vector<std::string> sites;
  for (const TapSettings& tap : setup.settings.taps) sites.push_back(tap.name);
  setup.authorisations = Authorisations::load(
      setup.settings.alerts.authorisations,
      {setup.rules.policies, policies, setup.rules.knowledge.suppliers, sites}, diagnostics);
  diagnostics.sort();
}

Recog::Trial verify(const Common& common, Setup& setup, Diagnostics& diagnostics,
                    Diagnostics& notes) {
  read(common, setup, diagnostics);
  check_control(setup.settings, common.configuration, diagnostics);
  setup.rules.knowledge.fingerprints.try_examples(diagnostics);
  notes = setup.rules.knowledge.recog.left_out();
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
