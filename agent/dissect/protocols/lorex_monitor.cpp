// SPDX-License-Identifier: Apache-2.0
// The answer of a camera's monitoring port, from public descriptions: 24 octets of which all but
// two are the same from device to device. Its first eight are said.
#include <algorithm>
#include <array>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::array<uint8_t, 14> kFront = {0x00, 0x00, 0x01, 0x01, 0x40, 0x0a, 0x00,
                                            0x08, 0x80, 0x00, 0x82, 0x00, 0x4c, 0xb8};
constexpr std::array<uint8_t, 8> kBack = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00};
constexpr size_t kSize = kFront.size() + 2 + kBack.size();
constexpr size_t kSaid = 8;

}  // namespace

void lorex_monitor(const Packet&, Reader& reader, Emit& emit) {
  size_t begun = std::min(reader.size(), kFront.size());
  if (!std::ranges::equal(reader.peek().first(begun), Bytes(kFront).first(begun))) return;
  if (reader.size() < kSize) return emit.more();
  Bytes answer = reader.take(kSize);
  if (reader.empty() && std::ranges::equal(answer.last(kBack.size()), kBack)) {
    emit.hex(Field::message, answer.first(kSaid));
  }
}

}  // namespace tapwarden::protocols
