// SPDX-License-Identifier: Apache-2.0
// Excerpt: what another side said, as far as an error of ours repeats it.
#pragma once

#include <string>
#include <string_view>

namespace tapwarden {

/// One line of at most 200 octets, safe to be shown.
std::string excerpt(std::string_view text);

}  // namespace tapwarden
