// SPDX-License-Identifier: Apache-2.0
// Setup: configuration and rules, read the same way by every command, with all mistakes told at
// once.
#pragma once

#include <stdexcept>

#include "app/commands.hpp"
#include "app/rules.hpp"
#include "config/settings.hpp"
#include "policy/authorisations.hpp"

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
  Authorisations authorisations;
  Diagnostics notes;  ///< what the configuration says that is allowed and hardly meant
};

/// Reads the configuration (defaults without a file) and the rules it names into `setup`; says all
/// that is wrong.
void read(const Common& common, Setup& setup, Diagnostics& diagnostics);
/// The same, and tries the rules on their own examples, as `tapwarden check` does. `notes` are no
/// mistakes. Of Recog's examples it gives the counts.
Recog::Trial verify(const Common& common, Setup& setup, Diagnostics& diagnostics,
                    Diagnostics& notes);
/// What read() reads; throws Misconfigured when anything is wrong.
Setup set_up(const Common& common);

}  // namespace tapwarden
