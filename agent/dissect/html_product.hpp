// SPDX-License-Identifier: Apache-2.0
// The product that a page of a device's web interface names in a script, as in
// "var ProductName = 'HG658';". Nothing of the script is parsed.
#pragma once

#include <string_view>

namespace tapwarden {

/// The first such name that is one word of at most 32 letters, digits, '-' and '_'; empty where
/// there is none.
std::string_view html_product(std::string_view page);

}  // namespace tapwarden
