// SPDX-License-Identifier: Apache-2.0
// Pairs: the key=value part of CEF and LEEF, within the octets that a line may have. What comes
// first is there; a value that finds no room is cut, or left out with its key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "deliver/formats/fields.hpp"

namespace tapwarden {

/// Writes one character of a value, or what stands for it.
using WriteCharacter = void (*)(std::string& target, std::string_view character);

class Pairs {
 public:
  Pairs(std::string head, char separator, size_t line_max, WriteCharacter write);

  /// At most `bound` octets of the text before it is escaped. Nothing where it is empty.
  void add(std::string_view key, std::string_view text, size_t bound);
  /// Whole or not at all: an address, a time.
  void add_whole(std::string_view key, std::string_view text);
  void add(std::string_view key, const std::optional<int64_t>& number);
  /// Milliseconds since 1970.
  void add(std::string_view key, const std::optional<Timestamp>& time);
  /// How many of the texts, from the first, find room whole with a blank between them, in `bound`
  /// octets and beside one more number.
  size_t fitting(const std::vector<std::string>& texts, size_t bound) const;
  /// With the name of a field of which the receiver knows only that it is one of its own.
  void add_labelled(std::string_view key, std::string_view label, std::string_view text,
                    size_t bound);
  void add_labelled(std::string_view key, std::string_view label,
                    const std::optional<int64_t>& number);

  const std::string& line() const { return line_; }

 private:
  size_t room() const { return line_max_ > line_.size() ? line_max_ - line_.size() : 0; }

  std::string line_;
  size_t head_;  // octets
  char separator_;
  size_t line_max_;
  WriteCharacter write_;
};

/// The ids that find room in `bound` octets, whole, with blanks between them, and how many do not.
std::pair<std::string, int64_t> ids_with_room(const Pairs& pairs, const DigestFields& digest,
                                              size_t bound);

/// Whether a line, a log or a terminal would take the character for a command: controls, separators
/// of lines and paragraphs, and what turns the direction of writing.
bool is_control(std::string_view character);

/// The text, each character as `write` writes it, as much as fits into `room` octets.
std::string written(std::string_view text, size_t room, WriteCharacter write);

}  // namespace tapwarden
