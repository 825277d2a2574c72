// SPDX-License-Identifier: Apache-2.0
// URL: where an http output sends to (RFC 3986, RFC 9110 section 4.2). No more is taken than such
// an output needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tapwarden {

struct Url {
  bool is_secure = false;
  std::string host;  ///< name or address, without brackets
  uint16_t port = 0;
  std::string target;  ///< path and query, at least "/"

  bool operator==(const Url&) const = default;
};

/// Throws std::invalid_argument saying what is wrong, without the text itself, which may hold a
/// secret.
Url parse_url(std::string_view text);

/// Whether what is sent there stays on this machine.
bool is_loopback(const Url& url);

/// Host and port as the Host field has them: brackets around IPv6, no port where it is the scheme's
/// own.
std::string authority(const Url& url);

/// So that it can stand as a value in a query.
std::string percent_encoded(std::string_view text);

}  // namespace tapwarden
