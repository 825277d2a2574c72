// SPDX-License-Identifier: Apache-2.0
#include "deliver/formats/pairs.hpp"

namespace tapwarden {

namespace {

/// Below that a value tells nothing.
constexpr size_t value_min = 16;

/// Octets of the character at the front of well-formed UTF-8.
size_t character_size(std::string_view text) {
  uint8_t first = static_cast<uint8_t>(text.front());
  return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

}  // namespace

Pairs::Pairs(std::string head, char separator, size_t line_max, WriteCharacter write)
    : line_(std::move(head)),
      head_(line_.size()),
      separator_(separator),
      line_max_(line_max),
      write_(write) {}

void Pairs::add(std::string_view key, std::string_view text, size_t bound) {
  if (text.empty()) return;
  std::string value = written(shortened(text, bound), line_max_, write_);
  size_t around = key.size() + 2;
  if (room() < around + std::min(value.size(), value_min)) return;
  if (value.size() > room() - around) {
    value = written(text, room() - around - 3, write_) + "\u2026";
  }
  if (line_.size() > head_) line_ += separator_;
  line_ += key;
  line_ += '=';
  line_ += value;
}

void Pairs::add_whole(std::string_view key, std::string_view text) {
  if (room() >= key.size() + 2 + text.size()) add(key, text, text.size());
}

void Pairs::add(std::string_view key, const std::optional<int64_t>& number) {
  if (number) add_whole(key, std::to_string(*number));
}

void Pairs::add(std::string_view key, const std::optional<Timestamp>& time) {
  if (time) add(key, std::optional(milliseconds(*time)));
}

size_t Pairs::fitting(const std::vector<std::string>& texts, size_t bound) const {
  constexpr size_t beside = 128;  // keys, labels and the number
  size_t left = room() > beside ? room() - beside : 0;
  size_t size = 0, written_size = 0, count = 0;
  for (; count < texts.size(); ++count) {
    size_t blank = count == 0 ? 0 : 1;
    size += texts[count].size() + blank;
    written_size += written(texts[count], line_max_, write_).size() + blank;
    if (size > bound || written_size > left) break;
  }
  return count;
}

void Pairs::add_labelled(std::string_view key, std::string_view label, std::string_view text,
                         size_t bound) {
  std::string name = std::string(key) + "Label";
  if (text.empty() || room() < name.size() + label.size() + key.size() + 4 + value_min) return;
  add(name, label, label.size());
  add(key, text, bound);
}

void Pairs::add_labelled(std::string_view key, std::string_view label,
                         const std::optional<int64_t>& number) {
  if (number) add_labelled(key, label, std::to_string(*number), 20);
}

std::pair<std::string, int64_t> ids_with_room(const Pairs& pairs, const DigestFields& digest,
                                              size_t bound) {
  std::vector<std::string> ids = digest.alerts;
  ids.resize(pairs.fitting(ids, bound));
  int64_t left_out = int64_t(digest.alerts.size() - ids.size());
  return {joined(ids, " "), digest.alerts_omitted.value_or(0) + left_out};
}

bool is_control(std::string_view character) {
  uint8_t first = static_cast<uint8_t>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  if (character.size() == 2) return first == 0xC2 && static_cast<uint8_t>(character[1]) < 0xA0;
  return (character >= "\u2028" && character <= "\u202E") ||
         (character >= "\u2066" && character <= "\u2069");
}

std::string written(std::string_view text, size_t room, WriteCharacter write) {
  std::string all, one;
  while (!text.empty()) {
    size_t size = character_size(text);
    one.clear();
    write(one, text.substr(0, size));
    if (all.size() + one.size() > room) break;
    all += one;
    text.remove_prefix(size);
  }
  return all;
}

}  // namespace tapwarden
