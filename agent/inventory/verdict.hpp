// SPDX-License-Identifier: Apache-2.0
// The verdict: who built the device, weighed from its claims by one rule that stands in verdict.cpp
// alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/device.hpp"

namespace tapwarden {

/// One independent source of evidence, with the most certain thing it says.
struct Witness {
  std::string_view name;  ///< a protocol, or "registry"
  double certainty = 0;
};

/// What speaks for one maker.
struct Standing {
  std::string maker;         ///< id of rules/suppliers, or the name that the claims give
  bool is_supplier = false;  ///< otherwise a rival that the rules do not know
  double certainty = 0;
  std::vector<Witness> witnesses;  ///< in the order of the protocol table, the registry last
};

/// Who may have made the device by its claims of that aspect, the strongest first. Claims of the
/// same protocol and maker are one witness, MAC prefixes together another: a device that says its
/// address twice has not said more. A witness counts with its most certain claim; witnesses of one
/// maker are independent, so that the certainty is 1 - (1 - a)(1 - b)...
std::vector<Standing> standings(const Device& device, Aspect aspect);

/// At least 0.95 is confirmed, 0.75 probable, less possible.
Grade grade_of(double certainty);

/// The strongest of the platform's makers. None when that is no supplier of the rules: a name that
/// a Samsung bears does not make it somebody else's.
std::optional<Verdict> weigh(const Device& device);

}  // namespace tapwarden
