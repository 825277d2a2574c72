// SPDX-License-Identifier: Apache-2.0
// The encodings behind encode(): each a function of a record's fields, and what they share.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "deliver/formats/fields.hpp"

namespace tapwarden {

std::string encode_ecs(const RecordFields& fields);
std::string encode_ocsf(const RecordFields& fields);
std::string encode_cef(const RecordFields& fields);
std::string encode_leef(const RecordFields& fields);

/// What kind of event it is, in lower-case letters and dashes: "alert-raised", "health-degraded".
/// What a receiver maps to its own categories: it says nothing of the device.
std::string event_class(const RecordFields& fields);
/// The same in words for people, without a name or an address in it.
std::string_view event_title(const RecordFields& fields);
/// One sentence on what happened to whom, at most so many octets.
inline constexpr size_t event_message_max = 4095;
std::string event_message(const RecordFields& fields);

/// Of alert, digest and health; nothing where the record has none, or no such word.
std::optional<Severity> severity_of(const RecordFields& fields);

/// From `lowest`, that of what is no event, to 10: CEF and LEEF count so.
int severity_of_ten(const RecordFields& fields, int lowest);

/// The first flow that the evidence names, null where none does.
const ClaimFields* first_flow(const AlertFields& alert);

/// The text of a JSON value or line, with escapes for what a reader might take for the end of a
/// line or obey in a terminal: DEL, C1, line and paragraph separators and directions of writing.
/// The parsed value stays the same.
std::string one_line(std::string_view serialized);

// Members are set where there is something to set.
void set(boost::json::object& object, std::string_view key, const std::string& text);
void set(boost::json::object& object, std::string_view key, const std::vector<std::string>& texts);
void set(boost::json::object& object, std::string_view key, boost::json::object part);
void set(boost::json::object& object, std::string_view key, boost::json::array part);
template <typename Number>
void set(boost::json::object& object, std::string_view key, const std::optional<Number>& number) {
  if (number) object[key] = *number;
}

boost::json::array array_of(const std::vector<std::string>& texts);

}  // namespace tapwarden
