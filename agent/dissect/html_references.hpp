// SPDX-License-Identifier: Apache-2.0
// The places on its own server that an HTML page refers to: the scripts, styles, pictures and pages
// that a device's web interface is made of. Nothing of the page is parsed.
#pragma once

#include <string_view>

#include "dissect/emit.hpp"

namespace tapwarden {

/// Emits them as one text with blanks between, in the page's order and without their queries, as
/// far as a text goes.
void html_references(std::string_view page, Emit& emit);

}  // namespace tapwarden
