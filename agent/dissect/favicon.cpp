// SPDX-License-Identifier: Apache-2.0
#include "dissect/favicon.hpp"

#include <algorithm>
#include <bit>
#include <string_view>

namespace tapwarden {

namespace {

constexpr size_t kLineOctets = 57;  // 76 characters

class Murmur3 {
 public:
  void add(char character) {
    block_ |= uint32_t{static_cast<uint8_t>(character)} << 8 * (size_ % 4);
    if (++size_ % 4 != 0) return;
    hash_ ^= mixed(block_);
    hash_ = std::rotl(hash_, 13) * 5 + 0xe6546b64;
    block_ = 0;
  }
  uint32_t end() {
    if (size_ % 4 != 0) hash_ ^= mixed(block_);
    hash_ ^= size_;
    hash_ = (hash_ ^ hash_ >> 16) * 0x85ebca6b;
    hash_ = (hash_ ^ hash_ >> 13) * 0xc2b2ae35;
    return hash_ ^ hash_ >> 16;
  }

 private:
  static uint32_t mixed(uint32_t block) { return std::rotl(block * 0xcc9e2d51, 15) * 0x1b873593; }

  uint32_t hash_ = 0;
  uint32_t block_ = 0;
  uint32_t size_ = 0;
};

}  // namespace

int32_t favicon_hash(Bytes icon) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Murmur3 hash;
  for (size_t at = 0; at < icon.size(); at += 3) {
    Bytes group = icon.subspan(at, std::min<size_t>(3, icon.size() - at));
    uint32_t bits = uint32_t{group[0]} << 16;
    if (group.size() > 1) bits |= uint32_t{group[1]} << 8;
    if (group.size() > 2) bits |= group[2];
    hash.add(alphabet[bits >> 18]);
    hash.add(alphabet[bits >> 12 & 63]);
    hash.add(group.size() > 1 ? alphabet[bits >> 6 & 63] : '=');
    hash.add(group.size() > 2 ? alphabet[bits & 63] : '=');
    bool is_line_end = (at + 3) % kLineOctets == 0 || at + 3 >= icon.size();
    if (is_line_end) hash.add('\n');
  }
  return static_cast<int32_t>(hash.end());
}

}  // namespace tapwarden
