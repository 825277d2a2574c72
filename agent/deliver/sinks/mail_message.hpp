// SPDX-License-Identifier: Apache-2.0
// A digest as mail writes it (RFC 5322, RFC 2045, RFC 2047).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "deliver/sink.hpp"
#include "deliver/sinks/mail.hpp"

namespace tapwarden {

/// Throws std::invalid_argument.

/// "2 alerts (1 high, 1 low), 1 digest".
std::string counts_of(std::span<const Message> batch);

/// ASCII in lines that end as the system's do, of at most 76 octets but for a long address. Its
/// Message-ID depends on the ids of the messages and the host alone.
std::string mail_message(std::span<const Message> batch, const MailSettings& settings,
                         std::string_view host, Timestamp now);

}  // namespace tapwarden
