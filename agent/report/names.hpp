// SPDX-License-Identifier: Apache-2.0
// The names behind the numbers that packets carry: of taps, and of the captures that frames were
// read from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapwarden {

struct Names {
  std::vector<std::string> taps;
  std::vector<std::string> sources;
  std::string sensor{};  ///< who tells; empty in a scan, where it is the reader


  std::string_view tap(uint16_t index) const {
    return index < taps.size() ? taps[index] : std::string_view();
  }
  std::string_view source(uint32_t index) const {
    return index < sources.size() ? sources[index] : std::string_view();
  }
};

}  // namespace tapwarden
