// SPDX-License-Identifier: Apache-2.0
// Reader: the sticky cursor over wire bytes. The first read past the end empties it and clears
// ok(), and every later read gives zeros or nothing, so that a dissector reads straight down and no
// bounds arithmetic is elsewhere.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/address.hpp"

namespace tapwarden {

using Bytes = std::span<const uint8_t>;

inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

class Reader {
 public:
  Reader() = default;
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  /// False from the first read that wanted more than was left, for good.
  bool ok() const { return ok_; }
  bool empty() const { return rest_.empty(); }
  size_t size() const { return rest_.size(); }

  /// What is left, without taking it.
  Bytes peek() const { return rest_; }
  /// The next `size` octets without taking them; nothing, and no failure, when fewer are left.
  Bytes peek(size_t size) const { return size <= rest_.size() ? rest_.first(size) : Bytes{}; }

  /// Gives up by the dissector's own judgement: the bytes are there but cannot be what they claim.
  void fail() {
    ok_ = false;
    rest_ = {};
  }

  /// Exactly `size` octets, or nothing and a failure.
  Bytes take(size_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  /// Everything that is left; never fails.
  Bytes take_rest() { return take(rest_.size()); }
  /// At most `size` octets; never fails. For bodies that a capture's snap length may have cut.
  Bytes take_up_to(size_t size) { return take(std::min(size, rest_.size())); }
  void skip(size_t size) { take(size); }

  /// A cursor of its own over the next `size` octets. When they are not all there both fail.
  Reader sub(size_t size) {
    Reader inner(take(size));
    inner.ok_ = ok_;
    return inner;
  }
  std::string_view text(size_t size) { return as_text(take(size)); }

  uint8_t u8() { return static_cast<uint8_t>(big_endian<1>()); }
  uint16_t u16() { return static_cast<uint16_t>(big_endian<2>()); }
  uint32_t u24() { return static_cast<uint32_t>(big_endian<3>()); }
  uint32_t u32() { return static_cast<uint32_t>(big_endian<4>()); }
  uint64_t u48() { return big_endian<6>(); }
  uint64_t u64() { return big_endian<8>(); }
  uint16_t u16le() { return static_cast<uint16_t>(little_endian<2>()); }
  uint32_t u32le() { return static_cast<uint32_t>(little_endian<4>()); }

  Mac mac() {
    Mac mac;
    if (Bytes octets = take(6); !octets.empty()) std::ranges::copy(octets, mac.octets.begin());
    return mac;
  }
  IpAddress ipv4() { return ip_of(4); }
  IpAddress ipv6() { return ip_of(16); }

  /// The text up to the next '\n' with a '\r' before it removed; both are taken. Without a '\n'
  /// nothing is taken, nothing fails and the result is empty: ask has_line() first.
  std::string_view line() {
    size_t end = as_text(rest_).find('\n');
    if (end == std::string_view::npos) return {};
    std::string_view line = text(end);
    skip(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  bool has_line() const { return as_text(rest_).find('\n') != std::string_view::npos; }

 private:
  template <size_t Size>
  uint64_t big_endian() {
    Bytes octets = take(Size);
    if (octets.empty()) return 0;
    uint64_t value = 0;
    for (size_t i = 0; i < Size; ++i) value = value << 8 | octets[i];
    return value;
  }
  template <size_t Size>
  uint64_t little_endian() {
    Bytes octets = take(Size);
    if (octets.empty()) return 0;
    uint64_t value = 0;
    for (size_t i = Size; i-- > 0;) value = value << 8 | octets[i];
    return value;
  }
  IpAddress ip_of(size_t size) {
    Bytes octets = take(size);
    return octets.empty() ? IpAddress{} : IpAddress::from(octets);
  }

  Bytes rest_;
  bool ok_ = true;
};

}  // namespace tapwarden
