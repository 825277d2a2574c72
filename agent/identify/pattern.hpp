// SPDX-License-Identifier: Apache-2.0
// Patterns: the only door to RE2. A pattern has a bounded program, and many patterns over one text
// are asked together.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tapwarden {

/// What the first sixteen groups of a pattern captured; 0 is the whole match.
using Captures = std::array<std::string_view, 17>;

class Pattern {
 public:
  static constexpr size_t text_max = 2000;

  explicit Pattern(std::string_view text);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// Why it is none; empty when it is one.
  std::string error() const;
  int groups() const;
  /// Finds it anywhere in `text`.
  std::optional<Captures> search(std::string_view text) const;

 private:
  friend class PatternSet;
  struct Program;
  std::unique_ptr<Program> program_;
};

/// Tells in one pass which patterns match at all.
class PatternSet {
 public:
  static constexpr size_t memory_max = 8 << 20;

  /// What it remembers of the texts that it has seen goes into `memory`, too.
  explicit PatternSet(std::span<const Pattern* const> patterns, size_t memory = memory_max);
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;
  ~PatternSet();

  /// Indices into the patterns it was made of, ascending. All of them where there was not memory
  /// enough to tell: a search has the last word.
  std::vector<size_t> candidates(std::string_view text) const;

 private:
  struct Program;
  std::unique_ptr<Program> program_;
};

/// The highest of \1 to \9 in `literal`, 0 without any; nothing for a backslash before anything
/// else.
std::optional<int> highest_reference(std::string_view literal);
/// Puts captures in the place of \1 to \9, and takes blanks off both ends.
std::string expand(std::string_view literal, const Captures& captures);

}  // namespace tapwarden
