// SPDX-License-Identifier: Apache-2.0
#include "core/context.hpp"

namespace tapwarden {

std::string_view to_string(Tunnel tunnel) {
  static constexpr std::string_view names[tunnels_count] = {
      "none", "mpls",   "ip",   "gre",    "erspan", "vxlan", "geneve",  "gtp",
      "tzsp", "capwap", "l2tp", "teredo", "lwapp",  "sflow", "openflow"};
  return names[static_cast<size_t>(tunnel)];
}

}  // namespace tapwarden
