// SPDX-License-Identifier: Apache-2.0
// JA4, the fingerprint of a TLS client (FoxIO's public definition, of September 2023): which
// versions, cipher suites, extensions and signature algorithms it offers, whatever their order.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/reader.hpp"

namespace tapwarden {

/// What carries a ClientHello; the value is how JA4 writes it.
enum class Carrier : char { stream = 't', datagram = 'd', quic = 'q' };

/// Values that clients make up so that servers learn to ignore them (RFC 8701).
constexpr bool is_grease(uint16_t value) {
  return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

class Ja4 {
 public:
  static constexpr size_t numbers_max = 256;  ///< of each kind; who offers more has no fingerprint

  explicit Ja4(uint16_t legacy_version) : legacy_version_(legacy_version) {}
  void cipher(uint16_t suite) { ciphers_.add(suite); }
  void extension(uint16_t type) { extensions_.add(type); }
  /// The contents of those extensions.
  void supported_versions(Reader list);
  void signature_algorithms(Reader list);
  void alpn(Reader list);

  /// Empty where there was more than a bound allows.
  std::string_view write(Carrier carrier, std::span<char, 36> target);

 private:
  class Numbers {
   public:
    void add(uint16_t number);
    std::span<uint16_t> all() { return std::span(numbers_).first(size_); }
    bool overflowed() const { return overflowed_; }

   private:
    std::array<uint16_t, numbers_max> numbers_;  // only the first size_ mean anything
    size_t size_ = 0;
    bool overflowed_ = false;
  };

  std::string_view version() const;
  std::array<char, 2> first_alpn() const;

  uint16_t legacy_version_;
  uint16_t best_version_ = 0;
  Numbers ciphers_;
  Numbers extensions_;
  Numbers signatures_;
  Bytes alpn_;
};

}  // namespace tapwarden
