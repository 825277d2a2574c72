// SPDX-License-Identifier: Apache-2.0
#include "inventory/stacks.hpp"

#include <algorithm>

namespace tapwarden {

namespace {

/// Whether the times at which two things were said overlap, or nearly so.
bool are_near(const Evidence& a, const Evidence& b) {
  return std::max(a.claim.time, b.claim.time) - std::min(a.last, b.last) <= systems_window;
}

/// What a hop limit and a program's name say is compared with its own kind. Hop limits are told
/// only where they came near to each other.
bool contradict(const Evidence& a, const Evidence& b) {
  return a.claim.field == b.claim.field && a.claim.value != b.claim.value &&
         (a.claim.field == Field::hop_limit || are_near(a, b));
}

}  // namespace

std::vector<const Claim*> several_systems(const Device& device) {
  std::vector<const Claim*> found;
  if (device.role == Role::remote || device.role == Role::virtual_) return found;
  std::vector<const Evidence*> systems;
  for (const Evidence& evidence : device.evidence) {
    if (evidence.claim.aspect == Aspect::system) systems.push_back(&evidence);
  }
  for (const Evidence* one : systems) {
    auto is_rival = [&](const Evidence* other) { return contradict(*one, *other); };
    if (std::ranges::any_of(systems, is_rival)) found.push_back(&one->claim);
  }
  return found;
}

}  // namespace tapwarden
