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

/// The most certain claim of each witness; 0 for none. The IEEE registry is one witness in whatever
/// protocol the MAC address came.
using Certainties = std::array<double, protocols_count + 1>;

size_t witness_of(const Claim& claim) {
  return claim.rule == rule_registry ? protocols_count : static_cast<size_t>(claim.protocol);
}

std::string_view name_of(size_t witness) {
  return witness == protocols_count ? "registry" : to_string(Protocol(witness));
}

}  // namespace

std::vector<Standing> standings(const Device& device, Aspect aspect) {
  // A name that the rules do not know is a maker of its own, though it be written as a supplier's
  // id.
  struct Maker {
    bool is_supplier;
    std::string_view name;
    auto operator<=>(const Maker&) const = default;
  };
  std::map<Maker, Certainties> makers;
  for (const Evidence& evidence : device.evidence) {
    const Claim& claim = evidence.claim;
    if (claim.aspect != aspect) continue;
    bool is_supplier = !claim.supplier.empty();
    Maker maker{is_supplier, is_supplier ? claim.supplier : claim.value};
    double& certainty = makers[maker][witness_of(claim)];
    certainty = std::max(certainty, claim.certainty);
  }
  std::vector<Standing> standings;
  for (const auto& [maker, certainties] : makers) {
    Standing standing{std::string(maker.name), maker.is_supplier, 0, {}};
    double doubt = 1;
    for (size_t witness = 0; witness < certainties.size(); ++witness) {
      if (certainties[witness] == 0) continue;
      doubt *= 1 - certainties[witness];
      standing.witnesses.push_back({name_of(witness), certainties[witness]});
    }
    if (standing.witnesses.empty()) continue;
    standing.certainty = 1 - doubt;
    standings.push_back(std::move(standing));
  }
  std::ranges::stable_sort(standings, std::greater<>(), &Standing::certainty);
  return standings;
}

Grade grade_of(double certainty) {
  return certainty >= kConfirmed  ? Grade::confirmed
         : certainty >= kProbable ? Grade::probable
                                  : Grade::possible;
}

std::optional<Verdict> weigh(const Device& device) {
  std::vector<Standing> makers = standings(device, Aspect::platform);
  if (makers.empty() || !makers.front().is_supplier) return std::nullopt;
  const Standing& strongest = makers.front();
  return Verdict{strongest.maker, grade_of(strongest.certainty), strongest.certainty};
}

}  // namespace tapwarden
