// SPDX-License-Identifier: Apache-2.0
#include "config/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "config/options.hpp"

namespace tapwarden::config {

namespace {

namespace json = boost::json;

json::object type_of(const Kind& kind) {
  Each cases{
      [](const Flag&) {
        return json::object{{"type", "boolean"}};
      },
      [](const Whole& whole) {
        return json::object{{"type", "integer"}, {"minimum", whole.min}, {"maximum", whole.max}};
      },
      [](const Size&) {
        return json::object{{"type", "string"}, {"pattern", "^[0-9]+(B|KiB|MiB|GiB)$"}};
      },
      [](const Duration&) {
        return json::object{{"type", "string"}, {"pattern", "^[0-9]+(ms|s|m|h|d)$"}};
      },
      [](const Choice& choice) {
        return json::object{{"enum", json::array(choice.names.begin(), choice.names.end())}};
      },
      [](const Text&) {
        return json::object{{"type", "string"}};
      },
      [](const Name&) {
        return json::object{{"type", "string"}, {"minLength", 1}};
      },
      [](const Output& output) {
        json::object schema{{"type", "string"}};
        if (output.is_required) schema["minLength"] = 1;
        return schema;
      },
      [](const Texts&) {
        return json::object{{"type", "array"},
                            {"items", {{"type", "string"}, {"minLength", 1}}},
                            {"uniqueItems", true}};
      },
      [](const Prefixes&) {
        return json::object{
            {"type", "array"},
            {"items", {{"type", "string"}, {"pattern", "^[0-9a-fA-F.:]+(/[0-9]{1,3})?$"}}},
            {"uniqueItems", true}};
      },
      [](const Choices& choices) {
        return json::object{
            {"type", "array"},
            {"items", {{"enum", json::array(choices.names.begin(), choices.names.end())}}},
            {"uniqueItems", true}};
      },
      [](const Pairs&) {
        return json::object{{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
      },
  };
  return std::visit(cases, kind);
}

json::value to_json(const Value& value, const Kind& kind) {
  bool has_words = std::holds_alternative<Size>(kind) || std::holds_alternative<Duration>(kind) ||
                   std::holds_alternative<Choice>(kind);
  if (has_words) return json::value(to_yaml(value, kind));
  if (std::holds_alternative<Pairs>(kind)) {
    json::object object;
    const auto& texts = std::get<std::vector<std::string>>(value);
    for (size_t i = 0; i + 1 < texts.size(); i += 2) object[texts[i]] = texts[i + 1];
    return object;
  }
  return std::visit([](const auto& each) { return json::value_from(each); }, value);
}

template <typename Owner>
json::object describe(const Option<Owner>& option) {
  json::object schema = type_of(option.kind);
  schema["description"] = fmt::format("{} Allowed: {}.", option.help, allowed(option.kind));
  if (!option.is_required()) schema["default"] = to_json(option.get(Owner{}), option.kind);
  return schema;
}

/// Of an output the defaults are those of its type.
json::object describe(const Option<OutputSettings>& option, const OutputSettings& defaults) {
  json::object schema = type_of(option.kind);
  schema["description"] = fmt::format("{} Allowed: {}.", option.help, allowed(option.kind));
  if (!option.is_required()) schema["default"] = to_json(option.get(defaults), option.kind);
  return schema;
}

json::object mapping(std::string_view help) {
  json::object schema{
      {"type", "object"}, {"additionalProperties", false}, {"properties", json::object{}}};
  if (!help.empty()) schema["description"] = help;
  return schema;
}

template <typename Owner>
void add(json::object& schema, const std::vector<Option<Owner>>& options) {
  json::array required;
  for (const Option<Owner>& option : options) {
    schema["properties"].as_object()[option.key] = describe(option);
    if (option.is_required()) required.emplace_back(option.key);
  }
  if (!required.empty()) schema["required"] = std::move(required);
}

json::object output(const OutputType& type) {
  json::object schema = mapping(type.help);
  json::object& properties = schema["properties"].as_object();
  properties["type"] = {{"const", type.name}};
  json::array required{"type"};
  for (const auto& options : {output_options(), type.options}) {
    for (const Option<OutputSettings>& option : options) {
      properties[option.key] = describe(option, type.defaults);
      if (option.is_required()) required.emplace_back(option.key);
    }
  }
  schema["required"] = std::move(required);
  return schema;
}

void print(std::string& target, const json::value& value, size_t depth);

void print(std::string& target, const json::object& object, size_t depth) {
  std::vector<std::string_view> keys;
  for (const auto& member : object) keys.push_back(member.key());
  std::ranges::sort(keys);
  target += '{';
  for (std::string_view key : keys) {
    target += fmt::format("{}\n{:{}}{}: ", key == keys.front() ? "" : ",", "", 2 * (depth + 1),
                          json::serialize(json::string(key)));
    print(target, object.at(key), depth + 1);
  }
  target += keys.empty() ? "}" : fmt::format("\n{:{}}}}", "", 2 * depth);
}

/// Arrays hold words only, and stay in one line.
void print(std::string& target, const json::value& value, size_t depth) {
  if (value.is_object())
    print(target, value.get_object(), depth);
  else
    target += json::serialize(value);
}

}  // namespace

std::string json_schema() {
  json::object root = mapping("The configuration of Tapwarden.");
  root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  root["title"] = "Tapwarden";
  json::object& properties = root["properties"].as_object();
  json::object tap = mapping("");
  add(tap, tap_options());
  properties["taps"] = {{"type", "array"},
                        {"description", taps_help},
                        {"items", std::move(tap)},
                        {"default", json::array{}}};
  json::array kinds_of_output;
  for (const OutputType& type : output_types()) kinds_of_output.push_back(output(type));
  properties["outputs"] = {{"type", "array"},
                           {"description", outputs_help},
                           {"items", {{"oneOf", std::move(kinds_of_output)}}},
                           {"default", json::array{}}};
  for (const Section& section : sections()) {
    if (section.key.empty()) {
      add(root, section.options);
      continue;
    }
    json::object schema = mapping(section.help);
    add(schema, section.options);
    root["properties"].as_object()[section.key] = std::move(schema);
  }
  std::string text;
  print(text, root, 0);
  return text + "\n";
}

}  // namespace tapwarden::config
