// SPDX-License-Identifier: Apache-2.0
// Fetch: the content of one HTTP or HTTPS URL, for `tapwarden update` only. The daemon never
// connects anywhere by it.
#pragma once

#include <string>
#include <string_view>

namespace tapwarden {

bool is_url(std::string_view text);

/// GETs the URL. Certificates are checked against the system's; at most 5 redirects, 64 MiB and 60
/// s for each request. Throws std::runtime_error with a line that names the URL.
std::string fetch(const std::string& url);

}  // namespace tapwarden
