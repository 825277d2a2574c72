// SPDX-License-Identifier: Apache-2.0
// The options: one row each. From these rows come the reading, the checks, the JSON Schema and the
// commented configuration.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/kind.hpp"
#include "config/settings.hpp"

namespace tapwarden::config {

/// An option of an Owner: what it is called, what it takes and where that is kept.
template <typename Owner>
struct Option {
  std::string key;
  Kind kind;
  std::string help;
  std::function<Value(const Owner&)> get;
  std::function<void(Owner&, Value)> set;

  bool is_required() const {
    const auto* output = std::get_if<Output>(&kind);
    return std::holds_alternative<Name>(kind) || (output != nullptr && output->is_required);
  }
};

/// Options under one key of the file; at the top of the file when the key is empty.
struct Section {
  std::string_view key;
  std::string_view help;
  std::vector<Option<Settings>> options;
};

/// Those of one entry of the list `taps`.
std::vector<Option<TapSettings>> tap_options();
inline constexpr std::string_view taps_help =
    "The interfaces to listen on, one entry each. Nothing is ever sent on them.";

/// A kind of output, by what the file calls it.
struct OutputType {
  std::string_view name;
  std::string_view help;
  OutputSettings defaults;
  std::vector<Option<OutputSettings>> options;  ///< beside those of all outputs
};
std::vector<OutputType> output_types();
/// Those of every output.
std::vector<Option<OutputSettings>> output_options();

/// What the options of an output say together and none of them alone: that one would do nothing, or
/// could never work. Told at the key, where it is written.
struct Conflict {
  std::string_view key;
  std::function<bool(const OutputSettings&)> is_there;
  std::string_view what;
  bool is_mistake = true;  ///< else worth a word
};
std::vector<Conflict> output_conflicts();

inline constexpr std::string_view outputs_help =
    "Where records go, one entry each with its own filter, format, queue and spool. They need "
    "state.directory, where what is not delivered yet is kept.";

std::vector<Section> sections();

}  // namespace tapwarden::config
