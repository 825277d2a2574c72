// SPDX-License-Identifier: Apache-2.0
#include "dissect/ja4.hpp"

#include <algorithm>

#include "dissect/digest.hpp"

namespace tapwarden {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::string_view kNothing = "000000000000";
constexpr uint16_t kServerName = 0;
constexpr uint16_t kAlpn = 16;

struct VersionName {
  uint16_t version;
  std::string_view name;
};
constexpr VersionName kVersions[] = {{0x0304, "13"}, {0x0303, "12"}, {0x0302, "11"},
                                     {0x0301, "10"}, {0x0300, "s3"}, {0x0002, "s2"},
                                     {0xfefc, "d3"}, {0xfefd, "d2"}, {0xfeff, "d1"}};

/// By number, also where it is one that no standard knows; those of DTLS count down.
bool is_newer(uint16_t version, uint16_t other) {
  bool is_datagram = version >> 8 == 0xfe && other >> 8 == 0xfe;
  return is_datagram ? version < other : version > other;
}

bool is_letter_or_digit(uint8_t c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/// A list of numbers as four digits each with commas between, into a digest bit by bit.
class List {
 public:
  void add(uint16_t number) {
    std::array<char, 5> text{is_empty_ ? ' ' : ',', kDigits[number >> 12],
                             kDigits[number >> 8 & 15], kDigits[number >> 4 & 15],
                             kDigits[number & 15]};
    digest_.add(std::string_view(text.data(), text.size()).substr(is_empty_ ? 1 : 0));
    is_empty_ = false;
  }
  /// What follows is another list.
  void part() {
    digest_.add("_");
    is_empty_ = true;
  }
  /// The digest's first twelve digits.
  void write(char* target) {
    auto digest = digest_.digest();
    for (size_t i = 0; i < kNothing.size(); ++i) {
      target[i] = kDigits[(i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15)];
    }
  }

 private:
  Sha256 digest_;
  bool is_empty_ = true;
};

char* put(char* target, std::string_view text) { return std::ranges::copy(text, target).out; }

char* put_count(char* target, size_t count) {
  count = std::min<size_t>(count, 99);
  *target++ = static_cast<char>('0' + count / 10);
  *target++ = static_cast<char>('0' + count % 10);
  return target;
}

}  // namespace

void Ja4::Numbers::add(uint16_t number) {
  if (is_grease(number)) return;
  if (size_ == numbers_.size()) {
    overflowed_ = true;
    return;
  }
  numbers_[size_++] = number;
}

void Ja4::supported_versions(Reader list) {
  list = list.sub(list.u8());
  while (list.size() >= 2) {
    uint16_t version = list.u16();
    if (!is_grease(version) && is_newer(version, best_version_)) best_version_ = version;
  }
}

void Ja4::signature_algorithms(Reader list) {
  list = list.sub(list.u16());
  while (list.size() >= 2) signatures_.add(list.u16());
}

void Ja4::alpn(Reader list) {
  list = list.sub(list.u16());
  alpn_ = list.take(list.u8());
}

std::string_view Ja4::version() const {
  uint16_t version = best_version_ != 0 ? best_version_ : legacy_version_;
  auto known = std::ranges::find(kVersions, version, &VersionName::version);
  return known != std::end(kVersions) ? known->name : "00";
}

/// Its first and last character, or where one is neither letter nor digit those of its hexadecimal
/// digits.
std::array<char, 2> Ja4::first_alpn() const {
  if (alpn_.empty()) return {'0', '0'};
  uint8_t first = alpn_.front();
  uint8_t last = alpn_.back();
  if (is_letter_or_digit(first) && is_letter_or_digit(last)) {
    return {static_cast<char>(first), static_cast<char>(last)};
  }
  return {kDigits[first >> 4], kDigits[last & 15]};
}

std::string_view Ja4::write(Carrier carrier, std::span<char, 36> target) {
  if (ciphers_.overflowed() || extensions_.overflowed() || signatures_.overflowed()) return {};
  bool has_name = std::ranges::find(extensions_.all(), kServerName) != extensions_.all().end();
  auto alpn = first_alpn();
  char* end = target.data();
  *end++ = static_cast<char>(carrier);
  end = put(end, version());
  *end++ = has_name ? 'd' : 'i';
  end = put_count(end, ciphers_.all().size());
  end = put_count(end, extensions_.all().size());
  end = put(end, std::string_view(alpn.data(), alpn.size()));
  *end++ = '_';

  std::ranges::sort(ciphers_.all());
  List ciphers;
  for (uint16_t suite : ciphers_.all()) ciphers.add(suite);
  if (ciphers_.all().empty()) {
    put(end, kNothing);
  } else {
    ciphers.write(end);
  }
  end += kNothing.size();
  *end++ = '_';

  std::ranges::sort(extensions_.all());
  List extensions;
  bool is_bare = true;
  for (uint16_t type : extensions_.all()) {
    if (type == kServerName || type == kAlpn) continue;
    extensions.add(type);
    is_bare = false;
  }
  if (!signatures_.all().empty()) extensions.part();
  for (uint16_t algorithm : signatures_.all()) extensions.add(algorithm);
  if (is_bare) {
    put(end, kNothing);
  } else {
    extensions.write(end);
  }
  return {target.data(), target.size()};
}

}  // namespace tapwarden
