// SPDX-License-Identifier: Apache-2.0
// Heads as HTTP has them (RFC 9112, sections 2 to 5), also in SSDP, RTSP and SIP: a start line and
// header lines up to an empty line. Only lines whose end is in the packet are read, and nothing
// behind the empty line.
#pragma once

#include <optional>
#include <string_view>

#include "core/reader.hpp"

namespace tapwarden {

struct Header {
  std::string_view name;
  std::string_view value;  ///< without blanks at both ends

  /// Header names have no case (RFC 9110, section 5.1).
  bool is(std::string_view other) const;
};

class Head {
 public:
  static constexpr unsigned lines_max = 100;

  /// Takes the start line; blanks at its ends, which some devices send, do not count (RFC 9112,
  /// section 3). The version is all but its last digit.
  explicit Head(Reader& reader, std::string_view version = "HTTP/1.");

  /// The method of a request in that version, empty for anything else.
  std::string_view method() const;
  /// The status of a response in that version, 0 for anything else.
  unsigned status() const;

  /// The next header; nothing at the end of the head, of the packet or of patience. A folded line
  /// (obs-fold) is passed over and its header is what its first line says.
  std::optional<Header> next();
  /// The empty line behind the last header was read, or as many lines as we have patience for.
  bool has_ended() const { return lines_ == lines_max; }

 private:
  Reader& reader_;
  std::string_view version_;
  std::string_view start_;
  unsigned lines_ = 0;
};

/// Without regard to case, ASCII only.
bool equal_without_case(std::string_view a, std::string_view b);

}  // namespace tapwarden
