// SPDX-License-Identifier: Apache-2.0
// The options for editors: JSON Schema of the configuration file.
#pragma once

#include <string>

namespace tapwarden::config {

/// Draft 2020-12, keys sorted, two blanks for each level, a line feed at the end: what
/// config/tapwarden.schema.json holds.
std::string json_schema();

}  // namespace tapwarden::config
