// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "config/options.hpp"

namespace tapwarden::config {

namespace {

/// Texts that may stand once only, with the place of the first.
class Unique {
 public:
  /// Complains and gives false where the text stood before.
  bool add(const std::string& text, const yaml::Node& node) {
    if (text.empty()) return true;
    auto [first, is_new] = places_.try_emplace(text, node);
    if (!is_new)
      node.complain(
          fmt::format("the same as {} in line {}", first->second.path(), first->second.line()));
    return is_new;
  }

 private:
  std::map<std::string, yaml::Node> places_;
};

/// Two outputs into one file would spoil each other; devices take what they are given.
void check_output(const Value& value, const yaml::Node& node, Unique& outputs) {
  if (std::get<std::string>(value) == "-")
    node.complain("no file: standard output is for alerts.stdout, or an output of type: stdout");
  auto path = std::filesystem::path(std::get<std::string>(value)).lexically_normal().string();
  if (!path.starts_with("/dev/")) outputs.add(path, node);
}

template <typename Owner>
void read(yaml::Map& map, const Option<Owner>& option, Owner& owner, Unique& outputs) {
  yaml::Node node = option.is_required() ? map.required(option.key) : map.optional(option.key);
  std::optional<Value> value = read(node, option.kind);
  if (!value) return;
  if (std::holds_alternative<Output>(option.kind)) check_output(*value, node, outputs);
  option.set(owner, std::move(*value));
}

std::vector<TapSettings> read_taps(const yaml::Node& list, Unique& outputs) {
  std::vector<TapSettings> taps;
  Unique interfaces;
  Unique names;
  std::vector<Option<TapSettings>> options = tap_options();
  for (const yaml::Node& node : list.list()) {
    TapSettings tap;
    yaml::Map map(node);
    for (const Option<TapSettings>& option : options) read(map, option, tap, outputs);
    map.finish();
    yaml::Node interface = map.optional("interface");
    yaml::Node name = map.optional("name");
    bool is_new = interfaces.add(tap.interface, interface);
    // Where the interface stands twice, the name made of it is no further mistake.
    if (is_new || !tap.name.empty())
      names.add(tap.name.empty() ? tap.interface : tap.name, tap.name.empty() ? interface : name);
    if (tap.name.empty()) tap.name = tap.interface;
    if (std::string error = filter_error(tap.filter, tap.snaplen); !error.empty())
      map.optional("filter").complain(fmt::format("\"{}\": {}", tap.filter, error));
    taps.push_back(std::move(tap));
  }
  return taps;
}

bool is_fit_for_a_folder(const std::string& name) {
  return name.size() <= 64 && name.find_first_not_of(
                                  "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
}

/// What only the sink can tell, in words that begin with the option they are about.
void complain_of(const OutputSettings& output, const yaml::Node& node, yaml::Map& map) {
  try {
    check_settings(output.sink);
  } catch (const std::invalid_argument& error) {
    std::string_view words = error.what();
    size_t colon = std::min(words.find(": "), words.size());
    yaml::Node option = map.optional(words.substr(0, colon));
    option ? option.complain(words.substr(colon + 2)) : node.complain(words);
  }
}

void tell_conflicts(const OutputSettings& output, const std::vector<Conflict>& conflicts,
                    yaml::Map& map, Diagnostics* notes) {
  for (const Conflict& conflict : conflicts) {
    yaml::Node node = map.optional(conflict.key);
    if (!node || !conflict.is_there(output)) continue;
    if (conflict.is_mistake)
      node.complain(conflict.what);
    else if (notes != nullptr)
      notes->add(node.file(), node.line(), node.column(),
                 fmt::format("{}: {}", node.path(), conflict.what));
  }
}

/// `stdouts` are the types of those that go to standard output.
std::vector<OutputSettings> read_outputs(const yaml::Node& list, Unique& files,
                                         std::vector<yaml::Node>& stdouts,
                                         const Diagnostics& diagnostics, Diagnostics* notes) {
  std::vector<OutputSettings> outputs;
  const std::vector<Conflict> conflicts = output_conflicts();
  const std::vector<OutputType> types = output_types();
  const std::vector<Option<OutputSettings>> options = output_options();
  std::vector<std::string_view> names;
  for (const OutputType& type : types) names.push_back(type.name);
  Unique taken;
  for (const yaml::Node& node : list.list()) {
    size_t mistakes = diagnostics.all().size();
    yaml::Map map(node);
    auto index = map.required("type").choice(names);
    OutputSettings output = types[index.value_or(0)].defaults;
    output.type = types[index.value_or(0)].name;
    for (const Option<OutputSettings>& option : options) read(map, option, output, files);
    if (output.type == "stdout") stdouts.push_back(map.optional("type"));
    yaml::Node name = map.optional("name");
    taken.add(output.outbox.name, name);
    if (!is_fit_for_a_folder(output.outbox.name))
      name.complain("letters, digits, \"-\" and \"_\" are allowed, 64 at most");
    if (!index) {  // what else stands there nobody can tell
      outputs.push_back(std::move(output));
      continue;
    }
    for (const Option<OutputSettings>& option : types[*index].options)
      read(map, option, output, files);
    map.finish();
    if (diagnostics.all().size() == mistakes) tell_conflicts(output, conflicts, map, notes);
    if (diagnostics.all().size() == mistakes) complain_of(output, node, map);
    outputs.push_back(std::move(output));
  }
  return outputs;
}

}  // namespace

Settings load(const std::filesystem::path& file, Diagnostics& diagnostics, Diagnostics* notes) {
  Settings settings;
  Unique outputs;
  std::vector<yaml::Node> stdouts;
  yaml::Map root(yaml::load(file, diagnostics));
  settings.taps = read_taps(root.optional("taps"), outputs);
  yaml::Node places = root.optional("outputs");
  settings.outputs = read_outputs(places, outputs, stdouts, diagnostics, notes);
  for (const Section& section : sections()) {
    if (section.key.empty()) {
      for (const Option<Settings>& option : section.options) read(root, option, settings, outputs);
      continue;
    }
    yaml::Map map(root.optional(section.key));
    for (const Option<Settings>& option : section.options) read(map, option, settings, outputs);
    map.finish();
  }
  if (!settings.outputs.empty() && settings.state.directory.empty())
    places.complain("state.directory is needed: what is not delivered yet is kept there");
  for (const yaml::Node& type : stdouts) {  // lines of two writers would be torn apart
    outputs.add("-", type);
    if (settings.alerts.to_stdout)
      type.complain("alerts go to standard output already: set alerts.stdout: false");
  }
  root.finish();
  diagnostics.sort();
  return settings;
}

namespace {

void complain_at(const yaml::Node& node, const std::filesystem::path& file, std::string_view key,
                 std::string_view message, Diagnostics& diagnostics) {
  if (node) {
    diagnostics.add(node.file(), node.line(), node.column(),
                    fmt::format("{}: {}", node.path(), message));
  } else {  // the file has changed meanwhile, or the value is the default
    diagnostics.add(file.string(), 0, 0, fmt::format("{}: {}", key, message));
  }
}

}  // namespace

void complain_of_policy(const std::filesystem::path& file, std::optional<size_t> output,
                        std::string_view text, std::string_view message, Diagnostics& diagnostics) {
  Diagnostics again;  // what else is wrong has been told
  yaml::Map place(yaml::load(file, again));
  if (output) {
    std::vector<yaml::Node> outputs = place.optional("outputs").list();
    place = yaml::Map(*output < outputs.size() ? outputs[*output] : yaml::Node());
  }
  std::vector<yaml::Node> nodes = place.optional("policies").list();
  auto node = std::ranges::find_if(nodes, [&](const auto& one) { return one.text() == text; });
  complain_at(node != nodes.end() ? *node : yaml::Node(), file, "policies", message, diagnostics);
}

void complain(const std::filesystem::path& file, std::string_view section, std::string_view option,
              std::string_view message, Diagnostics& diagnostics) {
  Diagnostics again;
  yaml::Map map(yaml::Map(yaml::load(file, again)).optional(section));
  complain_at(map.optional(option), file, fmt::format("{}.{}", section, option), message,
              diagnostics);
}

}  // namespace tapwarden::config
