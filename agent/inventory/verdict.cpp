// SPDX-License-Identifier: Apache-2.0
#include "inventory/verdict.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/protocol.hpp"
#include "identify/knowledge.hpp"

namespace tapwarden {

namespace {

constexpr double kConfirmed = 0.95;
constexpr double kProbable = 0.75;

/// The most certain platform claim of each witness; 0 for none. The IEEE registry is one witness in
/// whatever protocol the MAC address came: a device that says its address twice has not said more.
using Witnesses = std::array<double, protocols_count + 1>;

size_t witness_of(const Claim& claim) {
  return claim.rule == rule_registry ? protocols_count : static_cast<size_t>(claim.protocol);
}

}  // namespace

std::optional<Verdict> weigh(const Device& device) {
  // A maker is a supplier of the rules, or a name that they do not know: that is a rival, and no
  // supplier, though it be written as the id of one.
  struct Maker {
    bool is_supplier;
    std::string_view name;
    auto operator<=>(const Maker&) const = default;
  };
  std::map<Maker, Witnesses> makers;
  for (const Evidence& evidence : device.evidence) {
    const Claim& claim = evidence.claim;
    if (claim.aspect != Aspect::platform) continue;
    bool is_supplier = !claim.supplier.empty();
    double& witness =
        makers[{is_supplier, is_supplier ? claim.supplier : claim.value}][witness_of(claim)];
    witness = std::max(witness, claim.certainty);
  }
  Maker strongest{};
  double highest = 0;
  for (const auto& [maker, witnesses] : makers) {
    double doubt = 1;
    for (double certainty : witnesses) doubt *= 1 - certainty;
    if (1 - doubt <= highest) continue;
    strongest = maker;
    highest = 1 - doubt;
  }
  if (highest == 0 || !strongest.is_supplier) return std::nullopt;
  Grade grade = highest >= kConfirmed  ? Grade::confirmed
                : highest >= kProbable ? Grade::probable
                                       : Grade::possible;
  return Verdict{std::string(strongest.name), grade, highest};
}

}  // namespace tapwarden
