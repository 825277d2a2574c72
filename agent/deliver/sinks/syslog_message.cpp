// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/syslog_message.hpp"

#include <fmt/format.h>

#include <string_view>

#include "core/text.hpp"
#include "core/time.hpp"

namespace tapwarden {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

/// Printable ASCII without blanks, bounded; what is not there is a hyphen (section 6.2).
std::string name(std::string_view text, size_t size_max) {
  std::string result;
  for (char octet : text.substr(0, size_max)) result += octet > ' ' && octet < '\x7f' ? octet : '_';
  return result.empty() ? "-" : result;
}

/// PARAM-VALUE (section 6.3.3): UTF-8 with three characters escaped.
std::string value(std::string_view text) {
  std::string result;
  for (char octet : text.substr(0, utf8_prefix(text))) {
    if (octet == '"' || octet == '\\' || octet == ']') result += '\\';
    result += octet >= 0 && octet < ' ' ? '?' : octet;
  }
  return result;
}

}  // namespace

unsigned syslog_severity(const Message& message) {
  if (message.kind == RecordKind::device || message.kind == RecordKind::summary) return 6;
  return 5 - static_cast<unsigned>(message.severity);
}

std::string syslog_message(const Message& message, const SyslogHeader& header, size_t size_max) {
  auto written = [&](std::string_view cut) {
    return fmt::format("<{}>1 {} {} {} {} {} [{} id=\"{}\" key=\"{}\"{}] {}",
                       header.facility * 8 + syslog_severity(message), to_rfc3339(message.time),
                       name(header.hostname, 255), name(header.app_name, 48),
                       name(header.process, 128), name(to_string(message.kind), 32),
                       name(header.data_id, 32), value(message.id), value(message.key), cut,
                       header.has_bom ? kBom : "");
  };
  std::string result = written("");
  if (result.size() + message.text.size() <= size_max) return result += message.text;
  result = written(fmt::format(" cut=\"{}\"", message.text.size()));
  size_t room = size_max > result.size() ? size_max - result.size() : 0;
  std::string_view text = std::string_view(message.text).substr(0, room);
  while (!text.empty() && (message.text[text.size()] & '\xC0') == '\x80') text.remove_suffix(1);
  result += text;
  if (result.size() > size_max) result.resize(size_max);
  return result;
}

}  // namespace tapwarden
