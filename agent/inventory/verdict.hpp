// SPDX-License-Identifier: Apache-2.0
// The verdict: who built the device, weighed from its claims by one rule that stands in verdict.cpp
// alone.
#pragma once

#include <optional>

#include "inventory/device.hpp"

namespace tapwarden {

/// Weighs the platform claims that name a supplier. Claims of the same protocol and supplier are
/// one witness, which counts with its most certain claim; witnesses of one supplier are
/// independent, so that the certainty is 1 - (1 - a)(1 - b)...; the supplier with the highest wins.
/// At least 0.95 is confirmed, 0.75 probable, less possible.
std::optional<Verdict> weigh(const Device& device);

}  // namespace tapwarden
