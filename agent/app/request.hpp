// SPDX-License-Identifier: Apache-2.0
// What a request on the control socket says.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "app/control.hpp"
#include "app/rules.hpp"
#include "policy/alerts.hpp"

namespace tapwarden {

/// Empty where it is absent or no text.
std::string word_of(const boost::json::object& request, std::string_view key);
bool is_set(const boost::json::object& request, std::string_view key);

/// What a list of devices or alerts is asked to be of, and is not: a state, severity, supplier,
/// policy or day that there is none of, with the nearest there is; empty where all is well.
std::string query_error(const boost::json::object& request, const Rules& rules,
                        const Control& control);

/// What is to be done about alerts, by whom; why it is not to be done in `error`.
Action read_action(const boost::json::object& request, const std::string& user, std::string& error);

}  // namespace tapwarden
