// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <stdexcept>

namespace tapwarden {

namespace {

constexpr size_t kSizeMax = 2048;
constexpr size_t kHostSizeMax = 253;

[[noreturn]] void refuse(std::string_view what) { throw std::invalid_argument(std::string(what)); }

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view host) {
  return !host.empty() && host.size() <= kHostSizeMax && std::ranges::all_of(host, [](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

uint16_t port_of(std::string_view digits) {
  uint16_t port = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0)
    refuse("the port is not a number from 1 to 65535 (an IPv6 address stands in brackets)");
  return port;
}

/// Takes scheme and "//" off the front.
bool take_scheme(std::string_view& text) {
  size_t colon = text.find("://");
  if (colon == std::string_view::npos) refuse("not a URL that begins with http:// or https://");
  std::string scheme(text.substr(0, colon));
  std::ranges::transform(scheme, scheme.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (scheme != "http" && scheme != "https")
    refuse("not a URL that begins with http:// or https://");
  text.remove_prefix(colon + 3);
  return scheme == "https";
}

/// Takes an address in brackets off the front.
std::string take_bracketed(std::string_view& text) {
  size_t close = text.find(']');
  std::string host(text.substr(1, close == std::string_view::npos ? 0 : close - 1));
  boost::system::error_code error;
  boost::asio::ip::make_address_v6(host, error);
  if (host.empty() || error || host.find('%') != std::string::npos)
    refuse("what stands in brackets is no IPv6 address");
  text.remove_prefix(close + 1);
  return host;
}

}  // namespace

Url parse_url(std::string_view text) {
  if (text.size() > kSizeMax) refuse("longer than 2048 octets");
  if (!std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; }))
    refuse("holds blanks, control characters or letters that are not ASCII: write them as %XX");
  Url url;
  url.is_secure = take_scheme(text);
  size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view where = text.substr(0, end);
  url.target = text.substr(end);
  if (where.find('@') != std::string_view::npos)
    refuse("user and password have no place in a URL, which is shown in logs");
  if (url.target.find('#') != std::string::npos) refuse("a fragment (#) is of no use here");
  if (!url.target.starts_with('/')) url.target.insert(0, "/");

  url.port = url.is_secure ? 443 : 80;
  if (where.starts_with('[')) {
    url.host = take_bracketed(where);
  } else {
    size_t colon = std::min(where.find(':'), where.size());
    url.host = where.substr(0, colon);
    where.remove_prefix(colon);
    if (!is_name(url.host)) refuse("no host that could be one: letters, digits, dots and dashes");
  }
  if (where.empty()) return url;
  if (where.front() != ':')
    refuse("after the address in brackets stands neither a port nor a path");
  url.port = port_of(where.substr(1));
  return url;
}

bool is_loopback(const Url& url) {
  boost::system::error_code no_address;
  auto address = boost::asio::ip::make_address(url.host, no_address);
  return no_address ? url.host == "localhost" : address.is_loopback();
}

std::string authority(const Url& url) {
  bool is_address_v6 = url.host.find(':') != std::string::npos;
  std::string host = is_address_v6 ? fmt::format("[{}]", url.host) : url.host;
  return url.port == (url.is_secure ? 443 : 80) ? host : fmt::format("{}:{}", host, url.port);
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (char c : text) {
    if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace tapwarden
