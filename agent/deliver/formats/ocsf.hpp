// SPDX-License-Identifier: Apache-2.0
// What the files of the OCSF encoding share.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "deliver/formats/fields.hpp"

namespace tapwarden {

/// A number of the schema with its caption, as it wants both.
struct Named {
  int id;
  const char* caption;
};

void set_named(boost::json::object& object, std::string_view key, Named named);
/// Milliseconds since 1970.
void set_time(boost::json::object& object, std::string_view key,
              const std::optional<Timestamp>& time);

boost::json::object ocsf_device(const DeviceFields& fields);
/// What in the event is worth a search, by the name of the attribute that holds it.
boost::json::array ocsf_observables(const DeviceFields& fields);
/// What the schema's device has no name for.
boost::json::object ocsf_unmapped(const DeviceFields& fields);

}  // namespace tapwarden
