// SPDX-License-Identifier: Apache-2.0
#include "deliver/record.hpp"

namespace tapwarden {

std::string_view to_string(RecordKind kind) {
  constexpr std::string_view names[record_kinds_count] = {"device", "alert", "digest", "health",
                                                          "summary"};
  return names[static_cast<size_t>(kind)];
}

}  // namespace tapwarden
