// SPDX-License-Identifier: Apache-2.0
// Requests of an http output: what stands in them for each template. Pure functions of settings and
// messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "deliver/sinks/http.hpp"
#include "deliver/sinks/url.hpp"

namespace tapwarden {

/// Path and query.
std::string http_target(const HttpSettings& settings, const Url& url);
std::string_view http_content_type(HttpTemplate body);
std::string http_body(const HttpSettings& settings, std::span<const Message> batch);

/// Why this message cannot be sent in this template; empty where it can.
std::string http_unfit(const HttpSettings& settings, const Message& message);

/// RFC 1952.
std::string gzipped(std::string_view text);

}  // namespace tapwarden
