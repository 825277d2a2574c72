// SPDX-License-Identifier: Apache-2.0
// Diameter (RFC 6733): what a node says of itself to its neighbour when they exchange capabilities
// (section 5.3) and when they watch each other (5.5). All other messages may be relayed ones, whose
// origin is not the sender, and may name subscribers.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr unsigned kAttributesMax = 128;
constexpr size_t kHeaderSize = 20;

enum Command : uint32_t { kCapabilitiesExchange = 257, kDeviceWatchdog = 280 };
enum Attribute : uint32_t {
  kOriginHost = 264,
  kVendorId = 266,
  kFirmwareRevision = 267,
  kProductName = 269,
};

void attribute(uint32_t code, Bytes value, Emit& emit) {
  bool is_number = value.size() == 4;
  Reader number(value);
  if (code == kOriginHost) emit.text(Field::fqdn, value);
  if (code == kProductName) emit.text(Field::product_name, value);
  if (code == kFirmwareRevision && is_number) emit.number(Field::firmware_revision, number.u32());
  if (code != kVendorId || !is_number) return;
  uint32_t enterprise = number.u32();
  if (enterprise != 0) emit.number(Field::vendor_enterprise, enterprise);
}

void attributes(Reader& list, Emit& emit) {
  constexpr uint8_t kHasVendor = 0x80;
  for (unsigned left = kAttributesMax; left > 0 && !list.empty(); --left) {
    uint32_t code = list.u32();
    bool is_vendors = (list.u8() & kHasVendor) != 0;
    size_t size = list.u24();
    if (size < 8) return list.fail();
    Bytes value = list.take(size - 8);
    if (!list.ok()) return;
    if (!is_vendors) attribute(code, value, emit);
    list.take_up_to((4 - size % 4) % 4);
  }
}

}  // namespace

void diameter(const Packet&, Reader& reader, Emit& emit) {
  Bytes header = reader.peek(kHeaderSize);
  if (header.empty()) return emit.more();
  if (reader.u8() != 1) return;  // the version; else something else on that port, as TLS
  size_t size = reader.u24();
  reader.skip(1);  // flags
  uint32_t command = reader.u24();
  reader.skip(12);  // application, identifiers of hop and end
  if (command != kCapabilitiesExchange && command != kDeviceWatchdog) return;
  if (size < kHeaderSize) return reader.fail();
  size -= kHeaderSize;
  bool is_short = reader.size() < size;
  Reader list(reader.take_up_to(size));
  attributes(list, emit);
  if (is_short) return emit.more();
  if (!list.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
