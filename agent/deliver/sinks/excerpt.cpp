// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/excerpt.hpp"

#include <array>

#include "core/text.hpp"

namespace tapwarden {

std::string excerpt(std::string_view text) {
  std::array<char, 200> target;
  Cleaned cleaned = clean(text.substr(0, 1024), target.data(), target.size());
  return {target.data(), cleaned.size};
}

}  // namespace tapwarden
