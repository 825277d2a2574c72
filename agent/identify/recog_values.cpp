// SPDX-License-Identifier: Apache-2.0
#include "identify/recog_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "identify/rule_files.hpp"

namespace tapwarden {

namespace {

constexpr std::string_view parameters_used[] = {
    "hw.vendor",  "hw.product", "hw.model",     "hw.serial_number", "hw.certainty",   "os.vendor",
    "os.product", "os.version", "os.certainty", "service.product",  "service.version"};

/// RE2's letters for Recog's flags; nothing where one of them is unknown.
std::optional<std::string> letters(std::string_view flags) {
  std::set<char> found;
  while (!flags.empty()) {
    std::string_view flag = flags.substr(0, flags.find(','));
    flags.remove_prefix(std::min(flags.size(), flag.size() + 1));
    if (flag == "REG_ICASE")
      found.insert('i');
    else if (flag == "REG_DOT_NEWLINE" || flag == "REG_MULTILINE" || flag == "REG_LINE_ANY_CRLF")
      found.insert('s');
    else if (!flag.empty())
      return std::nullopt;
  }
  return std::string(found.begin(), found.end());
}

std::string_view name_in_braces(std::string_view text, size_t& at, size_t& size) {
  for (at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    size_t end = text.find_first_of("{} \t\r\n", at + 1);
    if (end == std::string_view::npos || text[end] != '}' || end == at + 1) continue;
    size = end + 1 - at;
    return text.substr(at + 1, size - 2);
  }
  return {};
}

/// As it stands, with the names of others in it.
std::string raw_value(const RecogParameter* parameter, const Captures& captures) {
  if (!parameter) return {};
  if (parameter->group == 0) return parameter->value;
  return parameter->group < captures.size() ? std::string(captures[parameter->group])
                                            : std::string();
}

}  // namespace

std::string for_re2(const RecogEntry& entry, bool by_line) {
  std::string flags = letters(entry.flags).value_or("") + (by_line ? "m" : "");
  return flags.empty() ? entry.pattern : "(?" + flags + ")" + entry.pattern;
}

std::string why_not(const RecogEntry& entry, const Pattern& pattern) {
  if (!letters(entry.flags)) return fmt::format("flags: {} is unknown", in_quotes(entry.flags));
  std::string error = pattern.error();
  return error.empty() ? error : fmt::format("pattern: {}", shown(error));
}

std::string value_of(const RecogEntry& entry, std::string_view name, const Captures& captures) {
  std::string value;
  const RecogParameter* parameter = entry.find(name);
  std::string raw = raw_value(parameter, captures);
  if (!parameter || parameter->group != 0) return raw;
  std::string_view rest = raw;
  size_t at = 0;
  size_t size = 0;
  while (true) {
    std::string_view other = name_in_braces(rest, at, size);
    if (other.empty()) break;
    value += rest.substr(0, at);
    std::string inner = raw_value(entry.find(other), captures);
    value += inner.empty() && name.ends_with(".cpe23") ? "-" : inner;
    rest.remove_prefix(at + size);
  }
  value += rest;
  return value;
}

RecogEntry lean(RecogEntry entry) {
  std::set<std::string, std::less<>> wanted(std::begin(parameters_used), std::end(parameters_used));
  for (const RecogParameter& parameter : entry.parameters) {
    if (!wanted.contains(parameter.name)) continue;
    size_t at = 0;
    size_t size = 0;
    std::string_view rest = parameter.value;
    for (auto name = name_in_braces(rest, at, size); !name.empty();
         name = name_in_braces(rest, at, size)) {
      wanted.emplace(name);
      rest.remove_prefix(at + size);
    }
  }
  std::erase_if(entry.parameters, [&](const auto& each) { return !wanted.contains(each.name); });
  for (RecogParameter& parameter : entry.parameters) parameter.value = shown(parameter.value);
  entry.parameters.shrink_to_fit();
  return {{}, {}, entry.certainty, std::move(entry.parameters), {}, {}};
}

}  // namespace tapwarden
