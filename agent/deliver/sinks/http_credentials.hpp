// SPDX-License-Identifier: Apache-2.0
// Settings of an http output: whether they can be, and what is shown to the other side as proof of
// who we are (RFC 7617, RFC 6750).
#pragma once

#include <string>
#include <string_view>

#include "deliver/sinks/http.hpp"
#include "deliver/sinks/url.hpp"

namespace tapwarden {

/// Throws std::invalid_argument naming the setting.
void check(const HttpSettings& settings, const Url& url);

/// Value of the Authorization field; empty where none is to be sent. Throws as read_secret() does,
/// and std::runtime_error where a secret holds what cannot stand there.
std::string authorization(const HttpSettings& settings);

/// RFC 4648 section 4.
std::string base64(std::string_view octets);

}  // namespace tapwarden
