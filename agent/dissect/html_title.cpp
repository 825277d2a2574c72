// SPDX-License-Identifier: Apache-2.0
#include "dissect/html_title.hpp"

#include "dissect/heads.hpp"

namespace tapwarden {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\f";
constexpr std::string_view kTitle = "<title";
constexpr std::string_view kBody = "<body";

bool begins(std::string_view text, std::string_view tag) {
  if (text.size() <= tag.size() || !equal_without_case(text.substr(0, tag.size()), tag)) {
    return false;
  }
  return text[tag.size()] == '>' || kBlanks.find(text[tag.size()]) != std::string_view::npos;
}

}  // namespace

HtmlTitle html_title(std::string_view page) {
  for (size_t at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
    std::string_view rest = page.substr(at);
    if (begins(rest, kBody)) return {{}, true};  // a title stands before the body
    if (!begins(rest, kTitle)) continue;
    size_t begin = rest.find('>');
    size_t end = rest.find("</");
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    if (end < begin) return {{}, true};
    std::string_view text = rest.substr(begin + 1, end - begin - 1);
    size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {{}, true};
    return {text.substr(first, text.find_last_not_of(kBlanks) + 1 - first), true};
  }
  return {};
}

}  // namespace tapwarden
