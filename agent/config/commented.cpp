// SPDX-License-Identifier: Apache-2.0
#include "config/commented.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/options.hpp"

namespace tapwarden::config {

namespace {

constexpr size_t kWidth = 100;

/// Adds `text` as comment lines that end by `width`.
void comment(std::string& target, std::string_view indent, std::string_view text, size_t width) {
  while (!text.empty()) {
    size_t room = width - indent.size() - 2;
    size_t end = text.size() <= room ? text.size() : text.rfind(' ', room);
    if (end == text.npos) end = text.size();
    target += fmt::format("{}# {}\n", indent, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// The option with its comments. A dash, where there is one, takes the place of the indent's end.
template <typename Owner>
void print(std::string& target, std::string_view indent, const Option<Owner>& option,
           const Owner& owner, size_t width = kWidth, std::string_view dash = "") {
  std::string value = to_yaml(option.get(owner), option.kind);
  std::string standard = option.is_required() ? "Required." : fmt::format("Default: {}.", value);
  // A switch shows what is allowed by being one.
  if (std::holds_alternative<Flag>(option.kind)) {
    comment(target, indent, fmt::format("{} {}", option.help, standard), width);
  } else {
    comment(target, indent, option.help, width);
    comment(target, indent, fmt::format("Allowed: {}. {}", allowed(option.kind), standard), width);
  }
  indent.remove_suffix(dash.size());
  target += fmt::format("{}{}{}: {}\n", indent, dash, option.key, value);
}

/// An example in comments, which becomes a good list by taking "# " off each line.
/// Commented out.
void print_disabled(std::string& target, std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    target += "# ";
    target += text.substr(at, end + 1 - at);
    at = end + 1;
  }
}

void print_taps(std::string& target) {
  TapSettings example;
  example.interface = "eth0";
  std::string text = "taps:\n";
  bool is_first = true;
  for (const Option<TapSettings>& option : tap_options()) {
    print(text, "    ", option, example, kWidth - 2, is_first ? "- " : "");
    is_first = false;
  }
  comment(target, "", taps_help, kWidth);
  print_disabled(target, text);
}

void print_outputs(std::string& target) {
  target += '\n';
  comment(target, "", outputs_help, kWidth);
  std::string text = "outputs:\n";
  for (const OutputType& type : output_types()) {
    comment(text, "  ", type.help, kWidth - 2);
    text += fmt::format("  - type: {}\n", type.name);
    OutputSettings example = type.defaults;
    example.outbox.name = fmt::format("my-{}", type.name);
    for (const Option<OutputSettings>& option : type.options)
      print(text, "    ", option, example, kWidth - 2);
    if (type.name == "file") {
      for (const Option<OutputSettings>& option : output_options())
        print(text, "    ", option, example, kWidth - 2);
    } else {
      comment(text, "    ", "And those of all outputs, as above.", kWidth - 2);
      text += fmt::format("    name: {}\n", example.outbox.name);
    }
  }
  print_disabled(target, text);
}

void print(std::string& target, const Section& section, const Settings& defaults) {
  target += '\n';
  if (!section.key.empty()) {
    comment(target, "", section.help, kWidth);
    target += fmt::format("{}:\n", section.key);
  }
  for (const Option<Settings>& option : section.options)
    print(target, section.key.empty() ? "" : "  ", option, defaults);
}

}  // namespace

std::string commented_yaml() {
  std::string text =
      "# SPDX-License-Identifier: Apache-2.0\n"
      "# yaml-language-server: $schema=tapwarden.schema.json\n"
      "# The configuration of Tapwarden: every option with its default. What is left out is at "
      "its\n"
      "# default too. Check a changed file with `tapwarden check`.\n\n";
  print_taps(text);
  print_outputs(text);
  for (const Section& section : sections()) print(text, section, Settings{});
  return text;
}

}  // namespace tapwarden::config
