// SPDX-License-Identifier: Apache-2.0
// DecodedText: a bounded place for what a scanner decodes from escapes and entities. What does not
// fit is dropped; it is cleaned like everything else when it is emitted.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace tapwarden {

template <size_t Bound>
class DecodedText {
 public:
  static constexpr size_t bound = Bound;

  std::string_view view() const { return {octets_.data(), size_}; }
  size_t size() const { return size_; }
  bool full() const { return full_; }

  /// Back to the first `size` octets.
  void truncate(size_t size = 0) {
    if (size < size_) size_ = size;
    full_ = false;
  }
  void append(char octet) { append(std::string_view(&octet, 1)); }
  /// All of it or, where it does not fit, as much as does.
  void append(std::string_view octets) {
    size_t copied = octets.copy(octets_.data() + size_, Bound - size_);
    size_ += copied;
    full_ = full_ || copied < octets.size();
  }
  /// As UTF-8; U+FFFD for what is no character (surrogates, beyond Unicode).
  void append_character(char32_t c) {
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) c = 0xfffd;
    if (c < 0x80) return append(static_cast<char>(c));
    std::array<char, 4> encoded;
    size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; c >>= 6) encoded[i] = static_cast<char>(0x80 | (c & 0x3f));
    encoded[0] = static_cast<char>((0xf00 >> size) | c);
    append(std::string_view(encoded.data(), size));
  }

 private:
  size_t size_ = 0;
  bool full_ = false;
  std::array<char, Bound> octets_;  // left unset: only the first size_ octets mean anything
};

}  // namespace tapwarden
