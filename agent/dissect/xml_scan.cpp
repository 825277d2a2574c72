// SPDX-License-Identifier: Apache-2.0
#include "dissect/xml_scan.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace tapwarden {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr size_t kEntityMax = 10;  // "&#1114111;"

std::string_view without_prefix(std::string_view name) {
  return name.substr(name.rfind(':') + 1);  // npos + 1 is 0
}

}  // namespace

XmlScan::XmlScan(std::string_view document) : rest_(document) {
  if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
}

bool XmlScan::next() {
  ended_ = false;
  while (ok_ && !ended_) {
    if (depth_ == 0 && !root_.empty()) return false;
    if (rest_.empty()) return fail();
    if (rest_[0] == '<') {
      read_markup();
    } else {
      read_text();
    }
  }
  return ok_;
}

std::string_view XmlScan::ancestor(size_t depth) const {
  return depth >= 1 && depth <= depth_ ? without_prefix(open_[depth - 1]) : std::string_view{};
}

bool XmlScan::fail() {
  ok_ = false;
  rest_ = {};
  return false;
}

bool XmlScan::read_text() {
  if (depth_ == 0) {
    size_t blanks = std::min(rest_.find_first_not_of(kBlanks), rest_.size());
    rest_.remove_prefix(blanks);
    return (!rest_.empty() && rest_[0] == '<') || fail();
  }
  size_t size = std::min(rest_.find_first_of("<&"), rest_.size());
  text_.append(rest_.substr(0, size));
  rest_.remove_prefix(size);
  if (rest_.starts_with('&')) append_entity();
  return true;
}

/// What is no entity stands for itself: devices write bare ampersands.
void XmlScan::append_entity() {
  size_t end = rest_.substr(0, kEntityMax).find(';');
  std::string_view entity = end == std::string_view::npos ? "" : rest_.substr(1, end - 1);
  auto as = [&](char32_t character) {
    text_.append_character(character);
    rest_.remove_prefix(end + 1);
  };
  if (entity == "amp") return as('&');
  if (entity == "lt") return as('<');
  if (entity == "gt") return as('>');
  if (entity == "quot") return as('"');
  if (entity == "apos") return as('\'');
  if (entity.starts_with('#')) {
    bool hexadecimal = entity.starts_with("#x");
    std::string_view digits = entity.substr(hexadecimal ? 2 : 1);
    uint32_t value = 0;
    const char* last = digits.data() + digits.size();
    auto [at, error] = std::from_chars(digits.data(), last, value, hexadecimal ? 16 : 10);
    if (at == last && error == std::errc{}) return as(value);
  }
  text_.append('&');
  rest_.remove_prefix(1);
}

bool XmlScan::read_markup() {
  if (rest_.starts_with("<?")) return skip_past("?>");
  if (rest_.starts_with("<!--")) {
    rest_.remove_prefix(4);
    return skip_past("-->");
  }
  static constexpr std::string_view cdata = "<![CDATA[";
  if (rest_.starts_with(cdata) && depth_ != 0) {
    size_t end = rest_.find("]]>");
    if (end == std::string_view::npos) return fail();
    text_.append(rest_.substr(cdata.size(), end - cdata.size()));
    rest_.remove_prefix(end + 3);
    return true;
  }
  if (rest_.starts_with("<!")) return fail();  // a document type: no device needs one
  return rest_.starts_with("</") ? read_end_tag() : read_start_tag();
}

bool XmlScan::read_start_tag() {
  size_t size = rest_.find_first_of(" \t\r\n/>", 1);
  if (size == std::string_view::npos || size == 1 || depth_ == depth_max) return fail();
  open_[depth_++] = rest_.substr(1, size - 1);
  if (root_.empty()) root_ = without_prefix(open_[0]);
  if (root_.empty()) return fail();
  leaf_ = true;
  text_.truncate();
  for (rest_.remove_prefix(size);;) {  // attributes
    size_t at = rest_.find_first_of("\"'>");
    if (at == std::string_view::npos) return fail();
    bool closed = at > 0 && rest_[at - 1] == '/';
    char found = rest_[at];
    rest_.remove_prefix(at + 1);
    if (found == '>') return !closed || end_element();
    if (!skip_past({&found, 1})) return false;
  }
}

bool XmlScan::read_end_tag() {
  size_t end = rest_.find('>');
  if (end == std::string_view::npos || depth_ == 0) return fail();
  std::string_view name = rest_.substr(2, end - 2);
  name = name.substr(0, name.find_last_not_of(kBlanks) + 1);
  if (name != open_[depth_ - 1]) return fail();
  rest_.remove_prefix(end + 1);
  return end_element();
}

bool XmlScan::end_element() {
  --depth_;
  if (leaf_) {
    ended_ = true;
    name_ = without_prefix(open_[depth_]);
    parent_ = depth_ == 0 ? std::string_view{} : without_prefix(open_[depth_ - 1]);
  }
  leaf_ = false;
  return true;
}

bool XmlScan::skip_past(std::string_view end) {
  size_t at = rest_.find(end);
  if (at == std::string_view::npos) return fail();
  rest_.remove_prefix(at + end.size());
  return true;
}

}  // namespace tapwarden
