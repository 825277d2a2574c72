// SPDX-License-Identifier: Apache-2.0
// What an alert knows of its device, and what of the device is news to it, in words.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/alert.hpp"
#include "policy/policy.hpp"

namespace tapwarden {

/// False where it stood there or there is no room.
bool add_to(std::vector<std::string>& list, std::string_view text);

struct News {
  std::vector<std::string> changes;
  std::vector<std::string> contradictions;
};
/// Takes over what the device shows now and says what of it is news. `taps` are the names of those
/// of this run.
News learn(AlertFacts& facts, const Device& device, const Hit& hit,
           std::span<const std::string> taps);

/// Those of the alert's places that the device was heard in, with when it was.
std::vector<AlertPlace*> places_of(AlertFacts& facts, const Device& device,
                                   std::span<const std::string> taps);

/// 0 to 1: how certainly the device meets the entry.
double certainty_of(const Device& device, const Hit& hit);

}  // namespace tapwarden
