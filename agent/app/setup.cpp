// SPDX-License-Identifier: Apache-2.0
#include "app/setup.hpp"

#include <fmt/format.h>

#include "capture/live.hpp"
#include "config/load.hpp"
#include "core/text.hpp"

namespace tapwarden {

namespace {

std::string lines(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& one : diagnostics.all()) text += (text.empty() ? "" : "\n") + one.text();
  return text;
}

void check_filters(const config::Settings& settings, const std::string& file,
                   Diagnostics& diagnostics) {
  for (size_t i = 0; i < settings.taps.size(); ++i) {
    const TapSettings& tap = settings.taps[i];
    std::string error = filter_error(tap.filter, tap.snaplen);
    if (!error.empty()) {
      diagnostics.add(file, 0, 0, fmt::format("taps[{}].filter: \"{}\": {}", i, tap.filter, error));
    }
  }
}

}  // namespace

Misconfigured::Misconfigured(const Diagnostics& diagnostics)
    : std::runtime_error(lines(diagnostics)) {}

void check_policies(const Policies& known, const std::vector<std::string>& policies,
                    std::string_view where, Diagnostics& diagnostics) {
  for (const std::string& id : policies) {
    if (known.find(id) != nullptr) continue;
    std::vector<std::string_view> ids;
    for (const Policy& policy : known.all()) ids.push_back(policy.id);
    std::string_view near = nearest(id, ids);
    diagnostics.add(
        where, 0, 0,
        near.empty()
            ? fmt::format("policies: there is no policy \"{}\"", id)
            : fmt::format("policies: there is no policy \"{}\", did you mean \"{}\"?", id, near));
  }
}

void read(const Common& common, Setup& setup, Diagnostics& diagnostics) {
  if (!common.configuration.empty()) {
    if (auto settings = config::load(common.configuration, diagnostics)) setup.settings = *settings;
    check_filters(setup.settings, common.configuration, diagnostics);
  }
  std::vector<std::filesystem::path> operators = setup.settings.knowledge.directories;
  operators.insert(operators.end(), common.knowledge.begin(), common.knowledge.end());
  setup.places = rule_places(common.rules, std::move(operators));
  setup.places.recog =
      common.recog.empty() ? setup.settings.knowledge.recog : std::filesystem::path(common.recog);
  setup.rules = Rules::load(setup.places, diagnostics);
  std::string_view where =
      common.configuration.empty() ? "built-in defaults" : std::string_view(common.configuration);
  check_policies(setup.rules.policies, setup.settings.judge.policies, where, diagnostics);
  diagnostics.sort();
}

Setup set_up(const Common& common) {
  Setup setup;
  Diagnostics diagnostics;
  read(common, setup, diagnostics);
  if (!diagnostics.empty()) throw Misconfigured(diagnostics);
  return setup;
}

}  // namespace tapwarden
