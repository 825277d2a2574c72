// SPDX-License-Identifier: Apache-2.0
// DnsName: a domain name read from a DNS message (RFC 1035, sections 3.1 and 4.1.4), with its
// labels kept apart, since a label of DNS-SD may hold a dot (RFC 6763, section 4.3).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/reader.hpp"

namespace tapwarden {

class DnsName {
 public:
  static constexpr size_t octets_max = 255;  ///< on the wire, with length octets and root
  static constexpr size_t labels_max = octets_max / 2;
  static constexpr int hops_max = 32;

  /// Reads the name at `reader`, which walks a part of `message`; compression pointers lead into
  /// `message` and only backwards. False, an empty name and a failed reader where it is malformed.
  bool read(Reader& reader, Bytes message);

  size_t labels() const { return labels_; }
  /// The label's octets as they are; nothing beyond the last one.
  std::string_view label(size_t index) const;
  /// Labels `first` to before `last`, with dots between them.
  std::string_view range(size_t first, size_t last) const;
  std::string_view view() const { return range(0, labels_); }
  /// Whether the last label is this one, whatever the case (RFC 4343).
  bool is_under(std::string_view top) const;

 private:
  bool read_labels(Reader& reader, Bytes message);
  bool append(Bytes label);

  std::array<char, octets_max> octets_;
  std::array<uint8_t, labels_max + 1> starts_;  // each label's place, and where one more would go
  size_t labels_ = 0;
};

/// Equal but for the case of ASCII letters.
bool same_label(std::string_view a, std::string_view b);

}  // namespace tapwarden
