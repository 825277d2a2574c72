// SPDX-License-Identifier: Apache-2.0
// Reading records that come back as JSON, from a snapshot or from the daemon: what is not there or
// of another type is empty, and all text is cleaned, since nothing in it is trusted.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace tapwarden {

std::string cleaned(std::string_view raw);
std::string text_of(const boost::json::object& object, std::string_view key);
double number_of(const boost::json::object& object, std::string_view key);
/// Null where there is none.
const boost::json::object* object_of(const boost::json::object& object, std::string_view key);
/// The objects in an array; what else stands in it is passed over.
std::vector<const boost::json::object*> objects_of(const boost::json::object& object,
                                                   std::string_view key);
std::vector<std::string> texts_of(const boost::json::object& object, std::string_view key);

}  // namespace tapwarden
