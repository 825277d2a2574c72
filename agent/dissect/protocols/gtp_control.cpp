// SPDX-License-Identifier: Apache-2.0
// GTP-C (3GPP TS 29.060 for version 1, TS 29.274 for version 2): whose private extensions a node
// adds. Names in it are those of other nodes, and the rest is about subscribers: both are stepped
// over.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr unsigned kElementsMax = 128;
constexpr uint8_t kPrivateExtension = 255;

void private_extension(Reader value, Emit& emit) {
  uint16_t enterprise = value.u16();
  if (!value.ok()) return emit.malformed();
  if (enterprise != 0) emit.number(Field::vendor_enterprise, enterprise);
}

/// Sizes of the elements of version 1 that have no length (TS 29.060, table 37); 0 where there is
/// none such, behind which nothing can be read.
size_t fixed_size(uint8_t type) {
  static constexpr struct {
    uint8_t type;
    uint8_t size;
  } sizes[] = {{1, 1},   {2, 8},   {3, 6},   {4, 4},   {5, 4},  {8, 1},   {9, 3},
               {11, 1},  {12, 3},  {13, 1},  {14, 1},  {15, 1}, {16, 4},  {17, 4},
               {18, 5},  {19, 1},  {20, 1},  {21, 1},  {22, 1}, {23, 1},  {24, 1},
               {25, 2},  {26, 2},  {27, 2},  {28, 2},  {29, 1}, {117, 1}, {118, 1},
               {119, 1}, {120, 1}, {121, 1}, {126, 1}, {127, 4}};
  for (const auto& one : sizes) {
    if (one.type == type) return one.size;
  }
  return 0;
}

void version_1(uint8_t flags, Reader& reader, Emit& emit) {
  uint8_t type = reader.u8();
  Reader message = reader.sub(reader.u16() + size_t{4});
  message.skip(4);  // tunnel endpoint, which the length does not count
  if (!reader.ok() || type == 255) return;
  if ((flags & 0x07) != 0) {
    message.skip(3);  // sequence, N-PDU
    uint8_t next = message.u8();
    for (int i = 0; next != 0 && message.ok() && i < 8; ++i) {
      size_t size = message.u8() * size_t{4};
      if (size < 4) return message.ok() ? emit.malformed() : reader.fail();
      message.skip(size - 2);
      next = message.u8();
    }
  }
  for (unsigned left = kElementsMax; left > 0 && message.ok() && !message.empty(); --left) {
    uint8_t element = message.u8();
    if (element < 128) {
      size_t size = fixed_size(element);
      if (size == 0) return;
      message.skip(size);
      continue;
    }
    Reader value = message.sub(message.u16());
    if (!message.ok()) break;
    if (element == kPrivateExtension) private_extension(value, emit);
  }
  if (!message.ok()) emit.malformed();
}

void version_2(uint8_t flags, Reader& reader, Emit& emit) {
  reader.skip(1);  // type
  Reader message = reader.sub(reader.u16());
  bool has_endpoint = (flags & 0x08) != 0;
  message.skip(has_endpoint ? 8 : 4);  // endpoint, sequence
  for (unsigned left = kElementsMax; left > 0 && message.ok() && !message.empty(); --left) {
    uint8_t element = message.u8();
    size_t size = message.u16();
    message.skip(1);  // instance
    Reader value = message.sub(size);
    if (!message.ok()) break;
    if (element == kPrivateExtension) private_extension(value, emit);
  }
  if (!message.ok()) emit.malformed();
}

}  // namespace

void gtp_control(const Packet&, Reader& reader, Emit& emit) {
  uint8_t flags = reader.u8();
  int version = flags >> 5;
  bool is_gtp = (flags & 0x10) != 0;  // of version 1: not charging's GTP'
  if (version == 1 && is_gtp) return version_1(flags, reader, emit);
  if (version == 2) version_2(flags, reader, emit);
}

}  // namespace tapwarden::protocols
