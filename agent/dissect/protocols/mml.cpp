// SPDX-License-Identifier: Apache-2.0
// Reports of a man-machine language, in which core networks are operated, on whatever port: the
// line that opens one has three plus signs, the element's name and the time. Sign and name are
// said: commands, and what they are about, follow.
#include <algorithm>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::string_view kSign = "+++";
constexpr size_t kNameMax = 64;
constexpr std::string_view kTime = "0000-00-00 00:00:00";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_time(std::string_view text) {
  if (text.size() < kTime.size()) return false;
  return std::ranges::equal(text.substr(0, kTime.size()), kTime, [](char said, char form) {
    return form == '0' ? is_digit(said) : said == form;
  });
}

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
}

}  // namespace

void mml(const Packet&, Reader& reader, Emit& emit) {
  constexpr size_t line_max = 256;
  bool is_short = !reader.has_line() && reader.size() < line_max;
  std::string_view line = as_text(reader.peek().first(std::min(reader.size(), line_max)));
  if (!line.starts_with(kSign)) return;
  if (is_short) return emit.more();
  std::string_view rest = line.substr(kSign.size());
  skip_blanks(rest);
  size_t begin = line.size() - rest.size();
  size_t size = std::min(rest.find(' '), rest.size());
  rest.remove_prefix(size);
  skip_blanks(rest);
  if (begin == kSign.size() || size == 0 || size > kNameMax || !is_time(rest)) return;
  emit.text(Field::banner, line.substr(0, begin + size));
}

}  // namespace tapwarden::protocols
