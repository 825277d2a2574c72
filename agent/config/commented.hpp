// SPDX-License-Identifier: Apache-2.0
// The options for people: a configuration file that says everything and changes nothing.
#pragma once

#include <string>

namespace tapwarden::config {

/// Every option with its help, what is allowed and its default: what config/tapwarden.yaml holds.
/// Loaded, it gives the defaults; the taps stand in comments.
std::string commented_yaml();

}  // namespace tapwarden::config
