// SPDX-License-Identifier: Apache-2.0
// What is known of a value that somebody types in: an address or the beginning of one, an
// enterprise number, an object identifier, a registered name, or a text as a device would say it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "identify/knowledge.hpp"

namespace tapwarden {

/// One line of the answer.
struct Finding {
  std::string kind;      ///< "address", "registrant", "enterprise", "supplier" or "fingerprint"
  std::string text;      ///< for people
  std::string supplier;  ///< id, empty when none is named
  std::string rule;      ///< the fingerprint's id, empty for other kinds
};

/// A value can be several things at once: 2011 is a number and a text. Empty when nothing is known.
std::vector<Finding> look_up(const Knowledge& knowledge, std::string_view value);

}  // namespace tapwarden
