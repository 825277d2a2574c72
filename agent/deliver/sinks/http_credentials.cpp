// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/http_credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace tapwarden {

namespace {

using namespace std::chrono_literals;

constexpr size_t kHeadersMax = 64;
constexpr size_t kHeaderSizeMax = 4096;

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument(what); }

template <typename T>
void check_range(std::string_view name, T value, T min, T max) {
  if (value < min || value > max) refuse(fmt::format("{}: out of range", name));
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    bool is_letter_or_digit =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter_or_digit || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string::npos;
  });
}

bool has_controls(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

void check_header(const std::string& name, const std::string& value) {
  constexpr std::array<std::string_view, 6> kOurs = {
      "connection", "content-encoding", "content-length", "expect", "host", "transfer-encoding"};
  if (!is_token(name) || name.size() > kHeaderSizeMax)
    refuse("headers: a name holds what cannot stand there");
  if (std::ranges::find(kOurs, lower(name)) != kOurs.end())
    refuse(fmt::format("headers: {} is ours to set", name));
  if (has_controls(value) || value.size() > kHeaderSizeMax)
    refuse(fmt::format("headers: {}: control characters, or more than 4096 octets", name));
}

void check_authentication(const HttpAuthentication& authentication) {
  if (!authentication.user.empty() && !authentication.token.empty())
    refuse("token: beside a user: only one of them can prove who we are");
  if (authentication.user.empty() && !authentication.password.empty())
    refuse(fmt::format("{}: without a user",
                       authentication.password.file.empty() ? "password" : "password_file"));
  if (authentication.user.find(':') != std::string::npos || has_controls(authentication.user))
    refuse("user: a colon or a control character in it");
  if (!authentication.scheme.empty() && !is_token(authentication.scheme))
    refuse("token_scheme: no scheme that could be one");
  check_secret(authentication.password, "password");
  check_secret(authentication.token, "token");
}

}  // namespace

void check(const HttpSettings& settings, const Url& url) {
  check_authentication(settings.authentication);
  if (settings.headers.size() > kHeadersMax) refuse("headers: more than 64");
  for (const auto& [name, value] : settings.headers) {
    check_header(name, value);
    if (lower(name) == "authorization" &&
        (!settings.authentication.user.empty() || !settings.authentication.token.empty()))
      refuse("headers: Authorization beside a user or a token");
  }
  check_range<size_t>("batch", settings.batch, 1, 10'000);
  check_range<size_t>("batch_size", settings.batch_size, 1 << 10, 64 << 20);
  check_range<size_t>("answer_max", settings.answer_max, 1 << 10, 64 << 20);
  for (auto timeout : {settings.connect_timeout, settings.write_timeout, settings.answer_timeout})
    check_range<std::chrono::milliseconds>("timeout", timeout, 100ms, 10min);
  if (settings.body == HttpTemplate::elastic && settings.elastic.index.empty() && url.target == "/")
    refuse("index: none, neither here nor in the URL");
  if (settings.body == HttpTemplate::clickhouse && settings.clickhouse.table.empty())
    refuse("table: none");
}

std::string authorization(const HttpSettings& settings) {
  const HttpAuthentication& authentication = settings.authentication;
  if (!authentication.user.empty()) {
    std::string password = read_secret(authentication.password);
    if (has_controls(password)) throw std::runtime_error("the password holds control characters");
    return "Basic " + base64(authentication.user + ':' + password);
  }
  if (authentication.token.empty()) return {};
  std::string token = read_secret(authentication.token);
  if (!std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; }))
    throw std::runtime_error("the token holds blanks, control characters or letters not of ASCII");
  std::string scheme = settings.body == HttpTemplate::splunk ? "Splunk" : "Bearer";
  if (!authentication.scheme.empty()) scheme = authentication.scheme;
  return fmt::format("{} {}", scheme, token);
}

std::string base64(std::string_view octets) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (size_t i = 0; i < octets.size(); i += 3) {
    std::string_view three = octets.substr(i, 3);
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < three.size() ? static_cast<unsigned char>(three[k]) : 0U);
    for (size_t k = 0; k < 4; ++k)
      encoded += k <= three.size() ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return encoded;
}

}  // namespace tapwarden
