// SPDX-License-Identifier: Apache-2.0
// How an alert stands now, for operators: one JSON object, short for a list, whole with its
// timeline and the evidence for one alone.
#pragma once

#include <boost/json/fwd.hpp>
#include <span>

#include "inventory/device.hpp"
#include "policy/alerts.hpp"
#include "report/names.hpp"

namespace tapwarden {

/// `device` is null where it is not known any more.
boost::json::object alert_status(const Alert& alert, const Device* device);
boost::json::object alert_story(const Alert& alert, const Device* device, std::span<const Hit> hits,
                                const Policies& policies, const Names& names);

}  // namespace tapwarden
