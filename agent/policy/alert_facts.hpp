// SPDX-License-Identifier: Apache-2.0
// What an alert knows of its device, and what of the device is news to it, in words.
#pragma once

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
/// Takes over what the device shows now and says what of it is news. `tap` is the name of the tap
/// that it is on.
News learn(AlertFacts& facts, const Device& device, const Hit& hit, std::string_view tap);

}  // namespace tapwarden
