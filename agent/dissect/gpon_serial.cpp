// SPDX-License-Identifier: Apache-2.0
#include "dissect/gpon_serial.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace tapwarden {

namespace {

constexpr size_t kLetters = 4;
using Octets = std::array<uint8_t, 8>;

bool is_letter(uint8_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_capital(uint8_t c) { return c >= 'A' && c <= 'Z'; }

int digit(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  uint8_t lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool are_digits(Bytes text) {
  return std::ranges::all_of(text, [](uint8_t c) { return digit(c) >= 0; });
}

void read_digits(Bytes text, Octets& octets, size_t at) {
  for (size_t i = 0; i + 1 < text.size(); i += 2)
    octets[at++] = static_cast<uint8_t>(digit(text[i]) << 4 | digit(text[i + 1]));
}

bool opens_with_capitals(Bytes octets) {
  return std::ranges::all_of(octets.first(kLetters), is_capital);
}

/// One run of letters and digits. Four letters that are digits too are rather the front of a MAC.
std::optional<Octets> serial_of(Bytes run) {
  Octets octets{};
  bool is_text = run.size() == 12 && std::ranges::all_of(run.first(kLetters), is_letter) &&
                 !are_digits(run.first(kLetters)) && are_digits(run.subspan(kLetters));
  if (is_text) {
    for (size_t i = 0; i < kLetters; ++i) octets[i] = run[i] & 0xdf;
    read_digits(run.subspan(kLetters), octets, kLetters);
    return octets;
  }
  if (run.size() != 16 || !are_digits(run)) return std::nullopt;
  read_digits(run, octets, 0);
  return opens_with_capitals(octets) ? std::optional(octets) : std::nullopt;
}

void tell(const Octets& octets, Emit& emit) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::array<char, 12> text;
  std::ranges::copy(Bytes(octets).first(kLetters), text.begin());
  size_t size = kLetters;
  for (uint8_t octet : Bytes(octets).subspan(kLetters)) {
    text[size++] = digits[octet >> 4];
    text[size++] = digits[octet & 15];
  }
  emit.text(Field::gpon_serial, std::string_view(text.data(), size));
}

}  // namespace

void emit_gpon_serial(Bytes value, Emit& emit) {
  auto is_part = [](uint8_t c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  auto is_printable = [](uint8_t c) { return c >= 0x20 && c < 0x7f; };
  Octets octets{};
  if (value.size() == octets.size() && opens_with_capitals(value) &&
      !std::ranges::all_of(value, is_printable)) {
    std::ranges::copy(value, octets.begin());
    return tell(octets, emit);
  }
  for (auto begin = value.begin(); begin != value.end();) {
    begin = std::find_if(begin, value.end(), is_part);
    auto end = std::find_if_not(begin, value.end(), is_part);
    if (auto serial = serial_of(Bytes(begin, end))) return tell(*serial, emit);
    begin = end;
  }
}

}  // namespace tapwarden
