// SPDX-License-Identifier: Apache-2.0
// Which operating system speaks, by what a client says of itself and by the hop limit that its
// connections start with. Not who made the device: many makers' devices run the same.
#pragma once

#include <string_view>

namespace tapwarden {

/// "Windows", "Apple" or "Linux"; Android counts as Linux, which it calls itself where a page for
/// desktops is asked for. Empty where the text may be any program's: only browsers and services
/// that belong to their system are believed (RFC 9110, section 10.1.5, and vendor documents).
std::string_view system_of_user_agent(std::string_view user_agent);

/// "hop limit 64" of "63 of 64"; empty for another text.
std::string_view start_of_hop_limit(std::string_view text);

}  // namespace tapwarden
