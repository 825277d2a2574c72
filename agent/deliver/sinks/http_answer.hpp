// SPDX-License-Identifier: Apache-2.0
// Answers to an http output: what they say of each message. A pure function; what stands in them is
// as hostile as anything from a network.
#pragma once

#include <string>
#include <vector>

#include "deliver/sink.hpp"
#include "deliver/sinks/http.hpp"

namespace tapwarden {

struct HttpAnswer {
  unsigned status = 0;
  std::string reason{};  ///< of the status line
  std::string location{};
  std::string retry_after{};
  std::string body{};
};

/// Exactly one of the two has entries.
struct HttpVerdict {
  std::vector<Delivery> deliveries{};  ///< one for each message
  std::vector<size_t> pieces{};        ///< the batch must be sent in pieces of so many messages
  bool is_too_large = false;           ///< of the pieces: fewer octets may do
};

/// `count` is how many messages were sent, at least one.
HttpVerdict read_answer(const HttpSettings& settings, size_t count, const HttpAnswer& answer,
                        Timestamp now);

/// Seconds or a date, as Retry-After has it (RFC 9110 section 10.2.3), an hour at most; 0 where it
/// cannot be read.
std::chrono::milliseconds retry_after(std::string_view text, Timestamp now);

}  // namespace tapwarden
