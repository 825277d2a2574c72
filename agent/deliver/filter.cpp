// SPDX-License-Identifier: Apache-2.0
#include "deliver/filter.hpp"

#include <algorithm>

namespace tapwarden {

bool takes(const Filter& filter, const Record& record) {
  if (std::ranges::find(filter.kinds, record.kind) == filter.kinds.end()) return false;
  if (record.kind != RecordKind::alert) return true;
  return record.severity >= filter.severity &&
         (filter.policies.empty() ||
          std::ranges::find(filter.policies, record.policy) != filter.policies.end());
}

}  // namespace tapwarden
