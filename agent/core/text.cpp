// SPDX-License-Identifier: Apache-2.0
#include "core/text.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tapwarden {

namespace {

constexpr char32_t kReplacement = 0xfffd;

/// Takes one character off the front of `raw`; kReplacement for a malformed one (one octet taken).
/// RFC 3629.
char32_t take_character(std::string_view& raw) {
  auto octet = [&](size_t i) { return static_cast<uint8_t>(raw[i]); };
  uint8_t lead = octet(0);
  size_t size = lead < 0x80   ? 1
                : lead < 0xc2 ? 0
                : lead < 0xe0 ? 2
                : lead < 0xf0 ? 3
                : lead < 0xf5 ? 4
                              : 0;
  char32_t character = size == 1 ? lead : lead & (0x7f >> size);
  bool whole = size != 0 && size <= raw.size();
  for (size_t i = 1; whole && i < size; ++i) {
    whole = (octet(i) & 0xc0) == 0x80;
    character = character << 6 | (octet(i) & 0x3f);
  }
  static constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  if (!whole || character < smallest[size] || character > 0x10ffff ||
      (character >= 0xd800 && character < 0xe000)) {
    raw.remove_prefix(1);
    return kReplacement;
  }
  raw.remove_prefix(size);
  return character;
}

bool is_blank(char32_t c) { return c <= 0x20 || (c >= 0x7f && c <= 0xa0); }

/// Line separators, the characters that turn the writing direction round, and those that nobody
/// sees (Unicode TR 36).
bool is_deceptive(char32_t c) {
  return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0xe0000 && c <= 0xe007f) || c == 0xfeff || c == 0x061c || c == 0x00ad;
}

size_t put_character(char32_t c, char* target) {
  if (c < 0x80) {
    target[0] = static_cast<char>(c);
    return 1;
  }
  size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = size; i-- > 1; c >>= 6) target[i] = static_cast<char>(0x80 | (c & 0x3f));
  target[0] = static_cast<char>((0xf00 >> size) | c);
  return size;
}

}  // namespace

Cleaned clean(std::string_view raw, char* target, size_t bound) {
  Cleaned cleaned;
  bool blank_owed = false;
  while (!raw.empty()) {
    char32_t c = take_character(raw);
    if (is_blank(c)) {
      blank_owed = cleaned.size != 0;
      continue;
    }
    char encoded[5];
    size_t size = 0;
    if (blank_owed) encoded[size++] = ' ';
    size += put_character(is_deceptive(c) ? kReplacement : c, encoded + size);
    if (cleaned.size + size > bound) {
      cleaned.cut = true;
      break;
    }
    std::copy_n(encoded, size, target + cleaned.size);
    cleaned.size += size;
    blank_owed = false;
  }
  return cleaned;
}

size_t utf8_prefix(std::string_view raw) {
  std::string_view left = raw;
  while (!left.empty()) {
    std::string_view before = left;
    // A replacement character that stands in the text itself is longer than one octet.
    if (take_character(left) == kReplacement && before.size() - left.size() == 1)
      return raw.size() - before.size();
  }
  return raw.size();
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, changed});
    }
  }
  return row[b.size()];
}

}  // namespace tapwarden
