// SPDX-License-Identifier: Apache-2.0
// Setup: configuration and rules, read the same way by every command, with all mistakes told at
// once.
#pragma once

#include <stdexcept>

#include "app/commands.hpp"
#include "app/rules.hpp"
#include "config/settings.hpp"

namespace tapwarden {

/// The operator's mistakes, one a line; main ends with 78.
class Misconfigured : public std::runtime_error {
 public:
  explicit Misconfigured(const Diagnostics& diagnostics);
};

struct Setup {
  config::Settings settings;
  RulePlaces places;
  Rules rules;
};

/// Reads the configuration (defaults without a file) and the rules it names into `setup`; says all
/// that is wrong.
void read(const Common& common, Setup& setup, Diagnostics& diagnostics);
/// The same; throws Misconfigured when anything is wrong.
Setup set_up(const Common& common);

/// Checks that each of `policies` exists; complains with the nearest that does.
void check_policies(const Policies& known, const std::vector<std::string>& policies,
                    std::string_view where, Diagnostics& diagnostics);

}  // namespace tapwarden
