// SPDX-License-Identifier: Apache-2.0
// Text from the wire: cleaned once, where it leaves the packet, so that nothing behind it can be
// harmed by it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tapwarden {

/// What clean() wrote and whether the bound cut something off.
struct Cleaned {
  size_t size = 0;
  bool cut = false;
};

/// Writes `raw` into `target` as valid UTF-8 that is safe in a terminal, a log line and a page:
/// control characters (C0, C1, DEL) and runs of blanks become one blank, blanks at both ends go,
/// and malformed UTF-8, surrogates, line and paragraph separators, bidirectional controls and
/// invisible characters (zero width, tags) become U+FFFD. Never writes past `bound` octets and
/// never splits a character.
Cleaned clean(std::string_view raw, char* target, size_t bound);

/// How many octets at the front are well-formed UTF-8: all of them, or up to the first that is not.
size_t utf8_prefix(std::string_view raw);

/// A bounded text that lives inside its owner: trivially copyable, never allocates.
template <size_t Bound>
class BoundedText {
 public:
  static constexpr size_t bound = Bound;

  std::string_view view() const { return {octets_.data(), size_}; }
  bool empty() const { return size_ == 0; }
  /// Set when the text on the wire was longer than the bound.
  bool cut() const { return cut_; }

  void assign_clean(std::string_view raw) {
    Cleaned cleaned = clean(raw, octets_.data(), Bound);
    size_ = static_cast<uint16_t>(cleaned.size);
    cut_ = cleaned.cut;
  }

 private:
  static_assert(Bound < 65536);
  uint16_t size_ = 0;
  bool cut_ = false;
  std::array<char, Bound> octets_;  // left unset: only the first size_ octets mean anything
};

/// Edit distance, for "did you mean": the nearest of `known` to `word`, or empty when none is near:
/// one letter may differ, and one more for every three that the word has.
template <typename Range>
std::string_view nearest(std::string_view word, const Range& known);

size_t edit_distance(std::string_view a, std::string_view b);

template <typename Range>
std::string_view nearest(std::string_view word, const Range& known) {
  std::string_view best;
  size_t best_distance = word.size() / 3 + 1;
  for (const auto& candidate : known) {
    size_t distance = edit_distance(word, candidate);
    if (distance <= best_distance && (best.empty() || distance < best_distance)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace tapwarden
