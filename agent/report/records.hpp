// SPDX-License-Identifier: Apache-2.0
// Records as JSON by the contract: one object a line, "kind" first, times in RFC 3339 UTC. Fields
// may be added; those that are here stay.
#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>

#include "deliver/record.hpp"
#include "inventory/device.hpp"
#include "policy/alerts.hpp"
#include "report/names.hpp"
#include "report/summary.hpp"

namespace tapwarden {

/// `hits` are the policy entries that flag the device.
Record device_record(const Device& device, std::span<const Hit> hits, const Names& names);
Record alert_record(const Alert& alert, const Device& device, std::span<const Hit> hits,
                    const Names& names);
Record summary_record(const Summary& summary, Timestamp time);

}  // namespace tapwarden
