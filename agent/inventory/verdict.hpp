// SPDX-License-Identifier: Apache-2.0
// The verdict: who built the device, weighed from its claims by one rule that stands in verdict.cpp
// alone.
#pragma once

#include <optional>

#include "inventory/device.hpp"

namespace tapwarden {

/// Weighs the platform claims. Claims of the same protocol and maker are one witness, MAC prefixes
/// together another, which counts with its most certain claim; witnesses of one maker are
/// independent, so that the certainty is 1
/// - (1 - a)(1 - b)...; the maker with the highest wins. At least 0.95 is confirmed, 0.75 probable,
/// less possible. None when the winner is no supplier of the rules: a name that a Samsung bears
/// does not make it somebody else's.
std::optional<Verdict> weigh(const Device& device);

}  // namespace tapwarden
