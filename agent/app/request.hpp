// SPDX-License-Identifier: Apache-2.0
// What a request on the control socket says.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "policy/alerts.hpp"

namespace tapwarden {

/// Empty where it is absent or no text.
std::string word_of(const boost::json::object& request, std::string_view key);
bool is_set(const boost::json::object& request, std::string_view key);

/// What is to be done about alerts, by whom; why it is not to be done in `error`.
Action read_action(const boost::json::object& request, const std::string& user, std::string& error);

}  // namespace tapwarden
