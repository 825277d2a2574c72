// SPDX-License-Identifier: Apache-2.0
#include "report/reading.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "core/text.hpp"

namespace tapwarden {

namespace json = boost::json;

std::string cleaned(std::string_view raw) {
  BoundedText<1024> text;
  text.assign_clean(raw);
  return std::string(text.view()) + (text.cut() ? "…" : "");
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : cleaned(*text);
}

double number_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr || !value->is_number() ? 0 : value->to_number<double>();
}

const json::object* object_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

/// The objects in an array; what else stands in it is passed over.
std::vector<const json::object*> objects_of(const json::object& object, std::string_view key) {
  std::vector<const json::object*> objects;
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return objects;
  for (const json::value& item : value->get_array()) {
    if (item.is_object()) objects.push_back(&item.get_object());
  }
  return objects;
}

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return texts;
  for (const json::value& item : value->get_array()) {
    if (item.is_string()) texts.push_back(cleaned(item.get_string()));
    if (item.is_number()) texts.push_back(fmt::format("{}", item.to_number<int64_t>()));
  }
  return texts;
}

}  // namespace tapwarden
