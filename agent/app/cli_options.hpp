// SPDX-License-Identifier: Apache-2.0
// Options of the command line whose text is read into a value, and what is allowed told where it
// cannot be.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>

#include "app/commands.hpp"

namespace tapwarden {

/// An option that is a day of the calendar, as in 2027-01-31.
void add_day(CLI::App& app, const std::string& names, std::optional<Date>& target,
             const std::string& help);

/// Where configuration and rules lie.
void add_common(CLI::App& app, Common& common);

/// An option whose text is read by `parse` into `target`.
template <typename Value, typename Parse>
void add_parsed(CLI::App& app, const std::string& names, std::optional<Value>& target, Parse parse,
                const std::string& allowed, const std::string& help) {
  app.add_option_function<std::string>(
         names,
         [&target, parse, allowed, names](const std::string& text) {
           target = parse(text);
           if (!target) throw CLI::ValidationError(names, "\"" + text + "\" is not " + allowed);
         },
         help)
      ->type_name(allowed);
}

/// An option whose value is one of a few words.
template <typename Value>
void add_named(CLI::App& app, const std::string& names, std::optional<Value>& target,
               std::map<std::string, Value> words, const std::string& help) {
  std::string allowed;
  for (const auto& [word, value] : words) allowed += (allowed.empty() ? "" : "|") + word;
  auto parse = [words](const std::string& text) {
    auto found = words.find(text);
    return found == words.end() ? std::nullopt : std::optional(found->second);
  };
  add_parsed(app, names, target, parse, allowed, help);
}

}  // namespace tapwarden
