// SPDX-License-Identifier: Apache-2.0
// The product that some web servers put into the cookie of a session, behind its key:
// "SESSIONID=key&key&Maker Model100&...". All else in a cookie is a key, and is never kept.
#pragma once

#include <string_view>

namespace tapwarden {

/// Of the header's value the third part of the cookie when it has the form of a maker's word and a
/// model; empty otherwise.
std::string_view cookie_product(std::string_view cookie);

}  // namespace tapwarden
