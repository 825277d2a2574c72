// SPDX-License-Identifier: Apache-2.0
// A message as syslog writes it (RFC 5424).
#pragma once

#include <cstdint>
#include <string>

#include "deliver/sink.hpp"

namespace tapwarden {

/// What is the same in all messages of one output.
struct SyslogHeader {
  uint8_t facility = 16;  ///< 0 to 23; 16 is local0
  std::string hostname;
  std::string app_name = "tapwarden";
  std::string process;
  std::string data_id = "tapwarden@32473";  ///< SD-ID; 32473 is the number of examples (RFC 5612):
                                            ///< put your own enterprise's there
  bool has_bom = false;

  bool operator==(const SyslogHeader&) const = default;
};

/// critical 2, high 3, medium 4, low 5 (notice); devices and summaries are 6 (informational).
unsigned syslog_severity(const Message& message);

/// Never longer than `size_max`: what is too long loses the end of its text, never half a
/// character, and says in its structured data how many octets the text had (`cut`).
std::string syslog_message(const Message& message, const SyslogHeader& header, size_t size_max);

}  // namespace tapwarden
