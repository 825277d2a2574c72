// SPDX-License-Identifier: Apache-2.0
#include "dissect/html_references.hpp"

#include <algorithm>
#include <array>

#include "core/observation.hpp"
#include "dissect/heads.hpp"

namespace tapwarden {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\f";
constexpr std::string_view kNames[] = {"src", "href", "action", "url", "location"};
constexpr size_t kPathMax = 128;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Whether the text ends with one of the names that a reference stands behind.
bool names_reference(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
  return std::ranges::any_of(kNames, [text](std::string_view name) {
    if (text.size() < name.size()) return false;
    size_t begin = text.size() - name.size();
    return equal_without_case(text.substr(begin), name) &&
           (begin == 0 || !is_letter(text[begin - 1]));
  });
}

/// The path that stands at the front, empty for what is elsewhere or no path.
std::string_view own_path(std::string_view text) {
  text = text.substr(0, 2 * kPathMax);  // so that no page takes long
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  if (text.starts_with('"') || text.starts_with('\'')) text.remove_prefix(1);
  std::string_view path = text.substr(0, text.find_first_of("\"'<>?#; \t\r\n\f"));
  bool is_elsewhere = path.starts_with("//") || path.find(':') != std::string_view::npos;
  bool is_path =
      path.find('/') != std::string_view::npos || path.find('.') != std::string_view::npos;
  return is_elsewhere || !is_path || path.size() > kPathMax ? std::string_view{} : path;
}

}  // namespace

void html_references(std::string_view page, Emit& emit) {
  std::array<char, Observation::text_max> text;
  size_t size = 0;
  for (size_t at = page.find('='); at != std::string_view::npos; at = page.find('=', at + 1)) {
    // A name is short: no more of what stands before is looked at.
    size_t begin = at < 16 ? 0 : at - 16;
    if (!names_reference(page.substr(begin, at - begin))) continue;
    std::string_view path = own_path(page.substr(at + 1));
    if (path.empty()) continue;
    if (size + path.size() + 1 > text.size()) break;
    if (size > 0) text[size++] = ' ';
    size = static_cast<size_t>(
        std::ranges::copy(path, text.begin() + static_cast<ptrdiff_t>(size)).out - text.begin());
  }
  if (size > 0) emit.text(Field::page_references, std::string_view(text.data(), size));
}

}  // namespace tapwarden
