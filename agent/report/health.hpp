// SPDX-License-Identifier: Apache-2.0
// Health: what the agent says of itself when a part of it begins to fail, and when it is well
// again.
#pragma once

#include <string>

namespace tapwarden {

struct Health {
  std::string component;  ///< "tap", "capture", "state", "output", "spool", "clock", "bounds"
  std::string name;       ///< which of them: an output's, a tap's; may be empty
  bool is_degraded = true;
  std::string message;
};

}  // namespace tapwarden
