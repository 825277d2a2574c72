// SPDX-License-Identifier: Apache-2.0
// The made-up makers with a policy that flags one of them: for the tests of the daemon's parts.
#pragma once

#include "app/rules.hpp"

namespace tapwarden::test {

/// made_up_knowledge(), and policy "ban", which names Acme with high severity.
Rules made_up_rules();

}  // namespace tapwarden::test
