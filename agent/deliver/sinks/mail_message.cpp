// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/mail_message.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "core/text.hpp"

namespace tapwarden {

namespace {

constexpr size_t kLine = 76;
constexpr size_t kSubjectMax = 200;

/// So that none begins another header, is taken for an option or for more than one address.
void check_address(std::string_view name, const std::string& address) {
  bool is_plain = std::ranges::all_of(address, [](char octet) {
    return octet > ' ' && octet < '\x7f' &&
           std::string_view(",;:<>()[]\\\"").find(octet) == std::string_view::npos;
  });
  if (address.empty() || address.size() > 254 || address.front() == '-' || !is_plain)
    throw std::invalid_argument(fmt::format("{}: \"{}\" is no address", name, address));
}

std::string base64(std::string_view text) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (size_t i = 0; i < text.size(); i += 3) {
    auto at = [&](size_t place) -> unsigned {
      return place < text.size() ? static_cast<unsigned char>(text[place]) : 0;
    };
    unsigned bits = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    for (size_t j = 0; j < 4; ++j)
      result += i + j > text.size() ? '=' : digits[bits >> (18 - 6 * j) & 63];
  }
  return result;
}

/// Words of ASCII as they are, folded; anything else in encoded words, none longer than 75 (RFC
/// 2047 section 2) and none with half a character.
std::string unstructured(std::string_view name, std::string_view text) {
  std::string result(name);
  result += ':';
  bool is_ascii = std::ranges::all_of(text, [](char octet) { return octet >= ' ' && octet < 127; });
  size_t width = result.size();
  while (!text.empty()) {
    std::string word;
    if (is_ascii) {
      size_t end = std::min(text.find(' ', 1), text.size());
      word = text.substr(text.front() == ' ' ? 1 : 0, end - (text.front() == ' ' ? 1 : 0));
      text.remove_prefix(end);
    } else {
      size_t size = std::min<size_t>(text.size(), 39);
      while (size < text.size() && size > 1 && (text[size] & '\xC0') == '\x80') --size;
      word = fmt::format("=?UTF-8?B?{}?=", base64(text.substr(0, size)));
      text.remove_prefix(size);
    }
    bool is_folded = width + 1 + word.size() > kLine && width > name.size() + 1;
    result += (is_folded ? "\n " : " ") + word;
    width = (is_folded ? 0 : width) + 1 + word.size();
  }
  return result + '\n';
}

/// RFC 2045 section 6.7. Lines end where the text has an end of line and nowhere else.
std::string quoted_printable(std::string_view text) {
  std::string result;
  size_t width = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    auto octet = static_cast<unsigned char>(text[i]);
    if (octet == '\n') {
      result += '\n';
      width = 0;
      continue;
    }
    bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
    bool is_plain = octet > ' ' && octet < 127 && octet != '=';
    bool is_first_dot = octet == '.' && width == 0;  // which would end the mail for some programs
    if (octet == ' ' && !ends_line) is_plain = true;
    size_t needed = is_plain && !is_first_dot ? 1 : 3;
    if (width + needed > kLine - 1) {
      result += "=\n";
      width = 0;
      is_first_dot = octet == '.';
      needed = is_plain && !is_first_dot ? 1 : 3;
    }
    if (needed == 1) {
      result += static_cast<char>(octet);
    } else {
      result += fmt::format("={:02X}", octet);
    }
    width += needed;
  }
  return result;
}

/// What a terminal would obey is shown as a question mark.
std::string shown(std::string_view text) {
  std::string result;
  for (char octet : text) result += (octet >= 0 && octet < ' ') || octet == 127 ? '?' : octet;
  return result;
}

std::string message_id(std::span<const Message> batch, std::string_view host) {
  std::string ids;
  for (const Message& message : batch) ids += message.id + '\n';
  XXH128_hash_t hash = XXH3_128bits(ids.data(), ids.size());
  return fmt::format("<{:016x}{:016x}@{}>", hash.high64, hash.low64, host);
}

std::string plural(size_t count, std::string_view word) {
  if (count != 1 && word == "summary") return fmt::format("{} summaries", count);
  bool is_mass = word == "health";
  return fmt::format("{} {}{}", count, word, count == 1 || is_mass ? "" : "s");
}

}  // namespace

void check_settings(const MailSettings& settings) {
  check_address("from", settings.sender);
  if (settings.recipients.empty()) throw std::invalid_argument("to: no recipients");
  for (const std::string& recipient : settings.recipients) check_address("to", recipient);
  bool is_one_line = std::ranges::none_of(
      settings.subject, [](char octet) { return (octet >= 0 && octet < ' ') || octet == 127; });
  if (!is_one_line || settings.subject.size() > kSubjectMax ||
      utf8_prefix(settings.subject) != settings.subject.size())
    throw std::invalid_argument("subject: not one line of UTF-8, 200 octets at most");
}

std::string counts_of(std::span<const Message> batch) {
  std::array<size_t, record_kinds_count> kinds{};
  std::array<size_t, severity_names.size()> severities{};
  for (const Message& message : batch) {
    ++kinds[static_cast<size_t>(message.kind)];
    if (message.kind == RecordKind::alert) ++severities[static_cast<size_t>(message.severity)];
  }
  std::string alerts;
  for (size_t i = severities.size(); i-- != 0;)
    if (severities[i] != 0)
      alerts +=
          fmt::format("{}{} {}", alerts.empty() ? "" : ", ", severities[i], severity_names[i]);
  std::string result;
  for (RecordKind kind : {RecordKind::alert, RecordKind::digest, RecordKind::health,
                          RecordKind::device, RecordKind::summary}) {
    size_t count = kinds[static_cast<size_t>(kind)];
    if (count == 0) continue;
    if (!result.empty()) result += ", ";
    result += plural(count, to_string(kind));
    if (kind == RecordKind::alert) result += " (" + alerts + ")";
  }
  return result;
}

std::string mail_message(std::span<const Message> batch, const MailSettings& settings,
                         std::string_view host, Timestamp now) {
  std::string counts = counts_of(batch);
  std::string to = "To:";
  for (const std::string& recipient : settings.recipients)
    to += (to.size() == 3 ? " " : ",\n ") + recipient;
  std::string mail = fmt::format("From: {}\n{}\n", settings.sender, to);
  mail += unstructured("Subject", fmt::format("{} {} on {}", settings.subject, counts, host));
  mail += fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} +0000\nMessage-ID: {}\n",
                      std::chrono::floor<std::chrono::seconds>(now), message_id(batch, host));
  mail +=
      "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
      "Content-Transfer-Encoding: quoted-printable\nAuto-Submitted: auto-generated\n\n";
  std::string body = fmt::format("{} on {}\n", counts, host);
  for (const Message& message : batch) {
    std::string_view severity =
        message.kind == RecordKind::alert ? to_string(message.severity) : "";
    body += fmt::format("\n{} {}{}{} {}\n{}\n", to_rfc3339(message.time), severity,
                        severity.empty() ? "" : " ", to_string(message.kind), shown(message.id),
                        shown(message.text));
  }
  return mail + quoted_printable(body);
}

}  // namespace tapwarden
