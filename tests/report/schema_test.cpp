// SPDX-License-Identifier: Apache-2.0
// The words that config/records.schema.json allows are those that the program has.
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "inventory/device.hpp"
#include "policy/alert.hpp"
#include "support/catch.hpp"

using namespace tapwarden;

namespace {

namespace json = boost::json;

json::value schema() {
  std::ifstream file(SOURCE_DIRECTORY "/config/records.schema.json");
  std::ostringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

json::array words_at(const char* pointer) { return schema().at_pointer(pointer).as_array(); }

template <typename Value>
json::array words_up_to(Value last) {
  json::array words;
  for (int i = 0; i <= static_cast<int>(last); ++i) words.emplace_back(to_string(Value(i)));
  return words;
}

template <typename Words>
json::array array_of(const Words& words) {
  json::array array;
  for (std::string_view word : words) array.emplace_back(word);
  return array;
}

}  // namespace

TEST_CASE("Schema: its words are the program's", "[report]") {
  CHECK(words_at("/$defs/alert/properties/state/enum") == array_of(alert_states));
  CHECK(words_at("/$defs/alert/properties/event/enum") == array_of(alert_event_kinds));
  CHECK(words_at("/$defs/aspect/enum") == words_up_to(Aspect::former));
  CHECK(words_at("/$defs/device/properties/role/enum") == words_up_to(Role::remote));
  CHECK(words_at("/$defs/severity/enum") == array_of(severity_names));
}
