// SPDX-License-Identifier: Apache-2.0
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

void snmp(const Packet&, Reader&, Emit&) {}

}  // namespace tapwarden::protocols
