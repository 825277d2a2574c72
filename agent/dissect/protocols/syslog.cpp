// SPDX-License-Identifier: Apache-2.0
// Syslog (RFC 3164, 5424): the tag by which network equipment marks its messages, such as
// "%%01SHELL/5/CMDRECORD" or "%SYS-5-CONFIG_I". Its form shows the system. Of the text behind it,
// which may hold names and commands, only the notification of SNMP that it is about is read, as in
// "1.3.6.1.4.1.9.9.41.2.0.1<clogMessage>"; of messages without such a tag nothing.
#include <algorithm>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr size_t kLookedAt = 256;  // time, host name and sequence number stand before the tag
constexpr size_t kTagMax = 64;
constexpr size_t kBodyLookedAt = 128;
constexpr size_t kNotificationMax = 96;
constexpr std::string_view kEnterprises = "1.3.6.1.4.1.";  // RFC 1155, section 3.1.4

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}
std::string_view take_word(std::string_view& rest) {
  auto end = std::ranges::find_if_not(rest, is_word);
  std::string_view word = rest.substr(0, static_cast<size_t>(end - rest.begin()));
  rest.remove_prefix(word.size());
  return word;
}

/// The size of the tag that this begins with: percent signs, module, severity and mnemonic with
/// '/' or '-' between them, and a colon or the log's kind in parentheses behind it. 0 where there
/// is none, as where a message only quotes one.
size_t tag_size(std::string_view text) {
  std::string_view rest = text;
  rest.remove_prefix(std::min(rest.find_first_not_of('%'), rest.size()));
  size_t signs = text.size() - rest.size();
  if (signs == 0 || signs > 2 || take_word(rest).size() < 2 || rest.size() < 4) return 0;
  char separator = rest[0];
  bool has_severity = (separator == '/' || separator == '-') && rest[1] >= '0' && rest[1] <= '7' &&
                      rest[2] == separator;
  rest.remove_prefix(3);
  if (!has_severity || take_word(rest).size() < 2) return 0;
  bool is_followed = rest.starts_with(':') || rest.starts_with('(');
  size_t size = text.size() - rest.size();
  return is_followed && size <= kTagMax ? size : 0;
}

/// The object identifier of a notification and its name in angle brackets, where they stand as
/// words of their own.
std::string_view notification(std::string_view body) {
  size_t begin = body.find(kEnterprises);
  if (begin == std::string_view::npos) return {};
  if (begin > 0 && (is_word(body[begin - 1]) || body[begin - 1] == '.')) return {};
  std::string_view rest = body.substr(begin);
  size_t name = rest.find('<');
  size_t end = rest.find('>');
  if (end == std::string_view::npos || name >= end || end >= kNotificationMax) return {};
  bool is_identifier =
      std::ranges::all_of(rest.substr(0, name), [](char c) { return is_digit(c) || c == '.'; });
  std::string_view letters = rest.substr(name + 1, end - name - 1);
  bool is_name = !letters.empty() && std::ranges::all_of(letters, is_word);
  return is_identifier && is_name ? rest.substr(0, end + 1) : std::string_view{};
}

}  // namespace

void syslog(const Packet&, Reader& reader, Emit& emit) {
  std::string_view text = as_text(reader.peek().first(std::min(reader.size(), kLookedAt)));
  size_t end = text.substr(0, 5).find('>');
  bool has_priority = text.starts_with('<') && end != std::string_view::npos && end > 1 &&
                      std::ranges::all_of(text.substr(1, end - 1), is_digit);
  if (!has_priority) return reader.fail();
  for (size_t at = text.find('%', end); at != std::string_view::npos; at = text.find('%', at)) {
    if (size_t size = tag_size(text.substr(at)); size != 0) {
      emit.text(Field::message, text.substr(at, size));
      std::string_view body = as_text(reader.peek()).substr(at + size, kBodyLookedAt);
      return emit.text(Field::notification, notification(body));
    }
    at = std::min(text.find_first_not_of('%', at), text.size());
  }
}

}  // namespace tapwarden::protocols
