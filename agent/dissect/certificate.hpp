// SPDX-License-Identifier: Apache-2.0
// The names in an X.509 certificate (RFC 5280, section 4.1): whom it is for and who signed it, as
// one line of text each. Read where it lies: nothing is verified and nothing allocates.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "core/observation.hpp"
#include "core/reader.hpp"
#include "dissect/ber.hpp"

namespace tapwarden {

/// A distinguished name as "CN=..., OU=..., O=..., L=..., ST=..., C=...": always in this order,
/// whatever the order in the certificate; other attributes are left out. A comma or backslash in a
/// value has a backslash before it (RFC 4514, section 2.4), so that no value can pose as a further
/// attribute.
class DistinguishedName {
 public:
  static constexpr unsigned sets_max = 32;

  /// Reads the contents of a Name. False where it is malformed; what was read before stays.
  bool read(Reader name);
  std::string_view view() const { return {text_.data(), size_}; }

 private:
  void append(std::string_view label, const ber::Element& value);
  void put(char c);

  std::array<char, Observation::text_max + 1> text_;  // one more, so that a cut is seen as one
  size_t size_ = 0;
};

class CertificateNames {
 public:
  static constexpr size_t hosts_max = 4;

  DistinguishedName subject;
  DistinguishedName issuer;

  /// Reads a certificate in DER. False where it is malformed or cut; what was read before stays.
  bool read(Reader certificate);
  /// Both names were read whole, whatever followed them.
  bool are_there() const { return are_there_; }
  /// The first of its other host names (RFC 5280, section 4.2.1.6), where they lie.
  std::span<const std::string_view> hosts() const { return std::span(hosts_).first(hosts_count_); }

 private:
  bool read_extensions(Reader list);
  bool read_hosts(Reader value);

  bool are_there_ = false;
  std::array<std::string_view, hosts_max> hosts_;
  size_t hosts_count_ = 0;
};

}  // namespace tapwarden
