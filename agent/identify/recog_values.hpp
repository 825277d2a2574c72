// SPDX-License-Identifier: Apache-2.0
// How an entry of Recog's is understood: its pattern for RE2, and the values of its parameters once
// the pattern has matched.
#pragma once

#include <string>
#include <string_view>

#include "identify/pattern.hpp"
#include "identify/recog_file.hpp"

namespace tapwarden {

/// The pattern with its flags. Recog's own library lets ^ and $ match at every line; a text that is
/// observed has one line only, so that is asked for where an example is tried as it stands.
std::string for_re2(const RecogEntry& entry, bool by_line);

/// Why the entry cannot be used; empty when it can. `pattern` was made by for_re2().
std::string why_not(const RecogEntry& entry, const Pattern& pattern);

/// A parameter's value; empty when the entry has none of that name.
std::string value_of(const RecogEntry& entry, std::string_view name, const Captures& captures);

/// The entry with those parameters only that devices are asked for: no pattern, no examples.
RecogEntry lean(RecogEntry entry);

}  // namespace tapwarden
