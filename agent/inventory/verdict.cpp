// SPDX-License-Identifier: Apache-2.0
#include "inventory/verdict.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/protocol.hpp"

namespace tapwarden {

namespace {

constexpr double kConfirmed = 0.95;
constexpr double kProbable = 0.75;

/// The most certain platform claim of each protocol; 0 for none.
using Witnesses = std::array<double, protocols_count>;

}  // namespace

std::optional<Verdict> weigh(const Device& device) {
  std::map<std::string_view, Witnesses> suppliers;
  for (const Evidence& evidence : device.evidence) {
    const Claim& claim = evidence.claim;
    if (claim.aspect != Aspect::platform || claim.supplier.empty()) continue;
    double& witness = suppliers[claim.supplier][static_cast<size_t>(claim.protocol)];
    witness = std::max(witness, claim.certainty);
  }
  std::optional<Verdict> verdict;
  for (const auto& [supplier, witnesses] : suppliers) {
    double doubt = 1;
    for (double certainty : witnesses) doubt *= 1 - certainty;
    if (verdict && 1 - doubt <= verdict->certainty) continue;
    Grade grade = 1 - doubt >= kConfirmed  ? Grade::confirmed
                  : 1 - doubt >= kProbable ? Grade::probable
                                           : Grade::possible;
    verdict = {std::string(supplier), grade, 1 - doubt};
  }
  return verdict;
}

}  // namespace tapwarden
