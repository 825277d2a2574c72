// SPDX-License-Identifier: Apache-2.0
// The explanation of a device: its verdict with all that speaks for and against it, in words, from
// its record, whether that comes from a scan or from the daemon's snapshot.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace tapwarden {

/// Whether a record of kind "device" is that of this MAC address, IP address or id.
bool is_named(const boost::json::object& device, std::string_view name);

/// Text for a terminal, ends with a line feed. What a record lacks is left out; nothing in it is
/// trusted, all of it is cleaned.
std::string explain(const boost::json::object& device, bool colour);

}  // namespace tapwarden
