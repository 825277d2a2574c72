// SPDX-License-Identifier: Apache-2.0
// Rules: all that is read at start-up to judge by, and where it lies.
#pragma once

#include <filesystem>
#include <vector>

#include "core/diagnostics.hpp"
#include "identify/knowledge.hpp"
#include "policy/policy.hpp"

namespace tapwarden {

/// Where rules are read from. Later directories have their say over earlier ones.
struct RulePlaces {
  std::filesystem::path shipped;  ///< what came with this program
  std::vector<std::filesystem::path>
      operators;                ///< the updated registries, then the operator's own
  std::filesystem::path recog;  ///< a directory of Recog's files; none when empty
};

/// `shipped` empty: ../share/tapwarden/rules beside the program when installed, the source tree's
/// rules when it runs from its build folder. The state directory's rules come first among the
/// operator's when they exist.
RulePlaces rule_places(std::filesystem::path shipped, std::vector<std::filesystem::path> operators);

/// Where `tapwarden update` puts newer registries and every command looks for them.
inline constexpr const char* state_rules = "/var/lib/tapwarden/rules";

struct Rules {
  Knowledge knowledge;
  Policies policies;

  /// Everything that is wrong is in `diagnostics`.
  static Rules load(const RulePlaces& places, Diagnostics& diagnostics);
};

}  // namespace tapwarden
