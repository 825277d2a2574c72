// SPDX-License-Identifier: Apache-2.0
#include "identify/pattern.hpp"

#include <fmt/format.h>
#include <re2/re2.h>
#include <re2/set.h>
#include <re2/stringpiece.h>

#include <algorithm>
#include <numeric>

namespace tapwarden {

namespace {

constexpr int program_size_max = 20'000;
constexpr int64_t pattern_memory_max = 1 << 20;

RE2::Options options(int64_t memory_max) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory_max);
  return options;
}

// re2::StringPiece is a class of its own in one release of RE2 and absl::string_view in another.
re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const re2::StringPiece& text) {
  return text.data() ? std::string_view(text.data(), text.size()) : std::string_view{};
}

}  // namespace

struct Pattern::Program {
  explicit Program(std::string_view text)
      : expression(piece(text.substr(0, text_max)), options(pattern_memory_max)),
        too_long(text.size() > text_max) {}
  RE2 expression;
  bool too_long;
};

Pattern::Pattern(std::string_view text) : program_(std::make_unique<Program>(text)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

std::string Pattern::error() const {
  if (program_->too_long) return fmt::format("longer than {} octets", text_max);
  if (!program_->expression.ok()) return program_->expression.error();
  if (program_->expression.ProgramSize() > program_size_max)
    return fmt::format("its program is larger than {} steps", program_size_max);
  return {};
}

int Pattern::groups() const { return std::max(program_->expression.NumberOfCapturingGroups(), 0); }

std::optional<Captures> Pattern::search(std::string_view text) const {
  Captures captures;
  std::array<re2::StringPiece, std::tuple_size_v<Captures>> groups_found;
  int wanted = std::min(groups() + 1, static_cast<int>(captures.size()));
  if (!program_->expression.Match(piece(text), 0, text.size(), RE2::UNANCHORED, groups_found.data(),
                                  wanted))
    return std::nullopt;
  std::ranges::transform(groups_found, captures.begin(), view);
  return captures;
}

struct PatternSet::Program {
  explicit Program(size_t memory) : set(options(static_cast<int64_t>(memory)), RE2::UNANCHORED) {}
  RE2::Set set;
  size_t size = 0;
  bool whole = false;
};

PatternSet::PatternSet(std::span<const Pattern* const> patterns, size_t memory)
    : program_(std::make_unique<Program>(memory)) {
  bool added = true;
  for (const Pattern* pattern : patterns)
    added = program_->set.Add(pattern->program_->expression.pattern(), nullptr) >= 0 && added;
  program_->size = patterns.size();
  program_->whole = added && program_->set.Compile();
}

PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;
PatternSet::~PatternSet() = default;

std::vector<size_t> PatternSet::candidates(std::string_view text) const {
  std::vector<int> found;
  RE2::Set::ErrorInfo error{};
  bool told = program_->whole;
  if (told && !program_->set.Match(piece(text), &found, &error))
    told = error.kind == RE2::Set::kNoError;
  std::vector<size_t> indices(told ? found.size() : program_->size);
  if (told)
    std::ranges::transform(found, indices.begin(), [](int i) { return static_cast<size_t>(i); });
  else
    std::iota(indices.begin(), indices.end(), size_t{0});
  std::ranges::sort(indices);
  return indices;
}

std::optional<int> highest_reference(std::string_view literal) {
  int highest = 0;
  for (size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\') continue;
    if (++i == literal.size() || literal[i] < '1' || literal[i] > '9') return std::nullopt;
    highest = std::max(highest, literal[i] - '0');
  }
  return highest;
}

std::string expand(std::string_view literal, const Captures& captures) {
  std::string text;
  for (size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] == '\\' && i + 1 < literal.size() && literal[i + 1] >= '1' &&
        literal[i + 1] <= '9')
      text += captures[static_cast<size_t>(literal[++i] - '0')];
    else
      text += literal[i];
  }
  size_t begin = std::min(text.find_first_not_of(' '), text.size());
  text.erase(0, begin);
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace tapwarden
