// SPDX-License-Identifier: Apache-2.0
// Captures by other people in ../shared/captures, beside the tree: what a worker tells of one. A
// test that finds none says so and ends.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace tapwarden::test {

/// "protocol field text" of every fact; nothing, and a warning, where the capture is not there.
std::optional<std::set<std::string>> shared_facts(std::string_view file);

}  // namespace tapwarden::test
