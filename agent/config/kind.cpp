// SPDX-License-Identifier: Apache-2.0
#include "config/kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <limits>

#include "inventory/networks.hpp"
#include "yaml/units.hpp"

namespace tapwarden::config {

namespace {

std::optional<Value> read_texts(const yaml::Node& node) {
  std::vector<std::string> texts;
  for (const yaml::Node& item : node.list()) {
    std::optional<std::string> text = item.text();
    if (!text) continue;
    if (std::ranges::find(texts, *text) != texts.end())
      item.complain("stands in the list already");
    else
      texts.push_back(std::move(*text));
  }
  return texts;
}

std::optional<Value> read_prefixes(const yaml::Node& node) {
  std::vector<std::string> prefixes;
  for (const yaml::Node& item : node.list()) {
    std::optional<std::string> text = item.text();
    if (!text) continue;
    auto prefix = Prefix::parse(*text);
    if (!prefix) {
      item.complain(fmt::format(
          "\"{}\" is no block of addresses, allowed are those as 192.0.2.0/24 and 2001:db8::/32, "
          "with no bit set beyond the length",
          *text));
    } else if (std::ranges::find(prefixes, to_string(*prefix)) != prefixes.end()) {
      item.complain("stands in the list already");
    } else {
      prefixes.push_back(to_string(*prefix));
    }
  }
  return prefixes;
}

std::optional<Value> read_choices(const yaml::Node& node, const Choices& choices) {
  std::vector<std::string> names;
  for (const yaml::Node& item : node.list()) {
    auto index = item.choice(choices.names);
    if (!index) continue;
    std::string name(choices.names[*index]);
    if (std::ranges::find(names, name) != names.end())
      item.complain("stands in the list already");
    else
      names.push_back(std::move(name));
  }
  return names;
}

std::optional<Value> read_pairs(const yaml::Node& node) {
  std::vector<std::string> texts;
  yaml::Map map(node);
  for (const auto& [key, value] : map.entries()) {
    auto name = key.text();
    auto text = value.text_or_empty();
    if (!name || !text) continue;
    texts.push_back(std::move(*name));
    texts.push_back(std::move(*text));
  }
  return texts;
}

std::string yaml_text(std::string_view text) {
  static constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
  static constexpr std::string_view words[] = {"true", "false", "null"};
  bool is_plain = !text.empty() && text.find_first_not_of(plain) == text.npos &&
                  ((text[0] | 0x20) >= 'a' || text[0] == '/') &&
                  std::ranges::find(words, text) == std::end(words);
  return is_plain ? std::string(text) : boost::json::serialize(boost::json::string(text));
}

std::string yaml_map(const std::vector<std::string>& texts) {
  std::string map;
  for (size_t i = 0; i + 1 < texts.size(); i += 2)
    map +=
        fmt::format("{}{}: {}", i == 0 ? "" : ", ", yaml_text(texts[i]), yaml_text(texts[i + 1]));
  return "{" + map + "}";
}

std::string listed(std::span<const std::string_view> words) {
  std::string names;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) names += i + 1 == words.size() ? " or " : ", ";
    names += words[i];
  }
  return names;
}

std::string yaml_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + yaml_text(text);
  return "[" + list + "]";
}

}  // namespace

std::optional<Value> read(const yaml::Node& node, const Kind& kind) {
  Each cases{
      [&](const Flag&) -> std::optional<Value> { return node.boolean(); },
      [&](const Whole& whole) -> std::optional<Value> {
        return node.integer(whole.min, whole.max);
      },
      [&](const Size& size) -> std::optional<Value> {
        auto octets = node.size(static_cast<uint64_t>(size.min), static_cast<uint64_t>(size.max));
        if (!octets) return std::nullopt;
        return static_cast<int64_t>(*octets);
      },
      [&](const Duration& duration) -> std::optional<Value> {
        auto read = node.duration(duration.min, duration.max);
        if (!read) return std::nullopt;
        return read->count();
      },
      [&](const Choice& choice) -> std::optional<Value> {
        auto index = node.choice(choice.names);
        if (!index) return std::nullopt;
        return static_cast<int64_t>(*index);
      },
      [&](const Text&) -> std::optional<Value> { return node.text_or_empty(); },
      [&](const Name&) -> std::optional<Value> { return node.text(); },
      [&](const Output& output) -> std::optional<Value> {
        return output.is_required ? node.text() : node.text_or_empty();
      },
      [&](const Texts&) -> std::optional<Value> { return read_texts(node); },
      [&](const Prefixes&) -> std::optional<Value> { return read_prefixes(node); },
      [&](const Choices& choices) { return read_choices(node, choices); },
      [&](const Pairs&) -> std::optional<Value> { return read_pairs(node); },
  };
  if (!node) return std::nullopt;
  return std::visit(cases, kind);
}

std::string allowed(const Kind& kind) {
  Each cases{
      [](const Flag&) -> std::string { return "true or false"; },
      [](const Whole& whole) { return fmt::format("{} to {}", whole.min, whole.max); },
      [](const Size& size) {
        return fmt::format("{} to {}", yaml::format_size(static_cast<uint64_t>(size.min)),
                           yaml::format_size(static_cast<uint64_t>(size.max)));
      },
      [](const Duration& duration) {
        return fmt::format("{} to {}", yaml::format_duration(duration.min),
                           yaml::format_duration(duration.max));
      },
      [](const Choice& choice) { return listed(choice.names); },
      [](const Text& text) { return fmt::format("a {}, or \"\" for none", text.what); },
      [](const Name&) -> std::string { return "a text"; },
      [](const Output& output) -> std::string {
        return fmt::format("a path, from the working directory where it is relative{}",
                           output.is_required ? "" : ", or \"\" for none");
      },
      [](const Texts& texts) { return fmt::format("a list of {}", texts.what); },
      [](const Prefixes&) -> std::string { return "a list of blocks as 192.0.2.0/24"; },
      [](const Choices& choices) { return "a list of " + listed(choices.names); },
      [](const Pairs& pairs) { return fmt::format("a mapping of {}", pairs.what); },
  };
  return std::visit(cases, kind);
}

std::string to_yaml(const Value& value, const Kind& kind) {
  auto number = [&] { return std::get<int64_t>(value); };
  auto text = [&] { return yaml_text(std::get<std::string>(value)); };
  Each cases{
      [&](const Flag&) -> std::string { return std::get<bool>(value) ? "true" : "false"; },
      [&](const Whole&) { return fmt::format("{}", number()); },
      [&](const Size&) { return yaml::format_size(static_cast<uint64_t>(number())); },
      [&](const Duration&) { return yaml::format_duration(std::chrono::milliseconds(number())); },
      [&](const Choice& choice) {
        return std::string(choice.names[static_cast<size_t>(number())]);
      },
      [&](const Text&) { return text(); },
      [&](const Name&) { return text(); },
      [&](const Output&) { return text(); },
      [&](const Texts&) { return yaml_list(std::get<std::vector<std::string>>(value)); },
      [&](const Prefixes&) { return yaml_list(std::get<std::vector<std::string>>(value)); },
      [&](const Choices&) { return yaml_list(std::get<std::vector<std::string>>(value)); },
      [&](const Pairs&) { return yaml_map(std::get<std::vector<std::string>>(value)); },
  };
  return std::visit(cases, kind);
}

}  // namespace tapwarden::config
