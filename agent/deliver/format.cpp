// SPDX-License-Identifier: Apache-2.0
#include "deliver/format.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "deliver/formats/formats.hpp"

namespace tapwarden {

namespace json = boost::json;

std::string_view to_string(RecordFormat format) {
  constexpr std::string_view names[] = {"json", "ecs", "ocsf", "cef", "leef"};
  return names[static_cast<size_t>(format)];
}

std::string encode(const Record& record, RecordFormat format) {
  std::string line = repaired(record.line);
  boost::system::error_code error;
  json::value value = json::parse(line, error);
  if (error) throw std::invalid_argument("a record that is no JSON: " + error.message());
  if (!value.is_object()) throw std::invalid_argument("a record that is no JSON object");
  RecordFields fields = read_fields(value.get_object(), record);
  switch (format) {
    case RecordFormat::json:
      // Between two tokens a line may end, within a text it cannot.
      return one_line(line.find_first_of("\r\n") == std::string::npos ? line
                                                                      : json::serialize(value));
    case RecordFormat::ecs:
      return encode_ecs(fields);
    case RecordFormat::ocsf:
      return encode_ocsf(fields);
    case RecordFormat::cef:
      return encode_cef(fields);
    case RecordFormat::leef:
      return encode_leef(fields);
  }
  throw std::invalid_argument("no such format");
}

}  // namespace tapwarden
