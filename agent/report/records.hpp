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
#include "policy/storm.hpp"
#include "report/health.hpp"
#include "report/names.hpp"
#include "report/summary.hpp"

namespace tapwarden {

/// `hits` are the policy entries that flag the device.
Record device_record(const Device& device, std::span<const Hit> hits, const Names& names);
/// `device` is null where it is not known any more. What the policy says is looked up in
/// `policies`.
Record alert_record(const Alert& alert, const AlertEvent& event, const Device* device,
                    std::span<const Hit> hits, const Policies& policies, const Names& names);
/// The event alone, as it stands in an alert's timeline.
boost::json::object event_object(const AlertEvent& event);
/// What storm control held back.
Record digest_record(const Digest& digest, const Names& names);
Record health_record(const Health& health, Timestamp time, const Names& names);
Record summary_record(const Summary& summary, Timestamp time, const Names& names);

}  // namespace tapwarden
