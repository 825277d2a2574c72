// SPDX-License-Identifier: Apache-2.0
// Challenges of a WWW-Authenticate header (RFC 9110, section 11.6.1), as HTTP and RTSP have them:
// the realm is said, nothing else of them.
#pragma once

#include <string_view>

#include "dissect/emit.hpp"

namespace tapwarden {

/// Emits the realm of each challenge in the header's value.
void realms(std::string_view challenges, Emit& emit);

}  // namespace tapwarden
