// SPDX-License-Identifier: Apache-2.0
// The title of an HTML page (HTML living standard, section 4.2.2), found by its tags alone: nothing
// of the page is parsed.
#pragma once

#include <string_view>

namespace tapwarden {

struct HtmlTitle {
  /// Between the first "<title ...>" and "</", without blanks at both ends; as it stands there,
  /// character references and all.
  std::string_view text;
  /// Nothing behind what there is of the page can change the text.
  bool is_whole = false;
};

HtmlTitle html_title(std::string_view page);

}  // namespace tapwarden
