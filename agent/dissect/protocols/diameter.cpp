// SPDX-License-Identifier: Apache-2.0
// Diameter (RFC 6733): what a node says of itself to its neighbour when they exchange capabilities
// (section 5.3) and when they watch each other (5.5). All other messages may name subscribers, and
// may be relayed ones, whose origin is not the sender: of a request for credit control (RFC 8506)
// that no relay has signed, the numbers of makers' own attributes are said and nothing else.
#include <algorithm>
#include <array>
#include <charconv>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr unsigned kAttributesMax = 128;
constexpr size_t kHeaderSize = 20;

constexpr uint8_t kIsRequest = 0x80;  // of a message
constexpr uint8_t kHasVendor = 0x80;  // of an attribute
constexpr unsigned kVendorsOwnMax = 16;

enum Command : uint32_t {
  kCapabilitiesExchange = 257,
  kCreditControl = 272,
  kDeviceWatchdog = 280
};
enum AttributeCode : uint32_t {
  kOriginHost = 264,
  kVendorId = 266,
  kFirmwareRevision = 267,
  kProductName = 269,
  kRouteRecord = 282,
  kServiceInformation = 873,  // 3GPP TS 32.299
};
enum Vendor : uint32_t { k3gpp = 10415, k3gpp2 = 5535, kEtsi = 13019 };  // nobody's products

struct Attribute {
  uint32_t code = 0;
  uint32_t vendor = 0;
  Bytes value;
};

/// Of one that cannot be the list fails.
Attribute next(Reader& list) {
  Attribute attribute;
  attribute.code = list.u32();
  bool has_vendor = (list.u8() & kHasVendor) != 0;
  size_t size = list.u24();
  size_t head = has_vendor ? 12 : 8;
  if (has_vendor) attribute.vendor = list.u32();
  if (size < head) list.fail();
  attribute.value = list.take(size - std::min(size, head));
  list.take_up_to((4 - size % 4) % 4);
  return attribute;
}

void tell(const Attribute& attribute, Emit& emit) {
  bool is_number = attribute.value.size() == 4;
  Reader number(attribute.value);
  uint32_t code = attribute.code;
  if (code == kOriginHost) emit.text(Field::fqdn, attribute.value);
  if (code == kProductName) emit.text(Field::product_name, attribute.value);
  if (code == kFirmwareRevision && is_number) emit.number(Field::firmware_revision, number.u32());
  if (code != kVendorId || !is_number) return;
  uint32_t enterprise = number.u32();
  if (enterprise != 0) emit.number(Field::vendor_enterprise, enterprise);
}

void about_node(Reader& list, Emit& emit) {
  for (unsigned left = kAttributesMax; left > 0 && !list.empty(); --left) {
    Attribute attribute = next(list);
    if (!list.ok()) return;
    if (attribute.vendor == 0) tell(attribute, emit);
  }
}

/// A relay adds its own name to a request (section 6.7.1).
bool was_relayed(Reader list) {
  for (unsigned left = kAttributesMax; left > 0 && !list.empty(); --left) {
    Attribute attribute = next(list);
    if (list.ok() && attribute.vendor == 0 && attribute.code == kRouteRecord) return true;
  }
  return !list.empty();  // nobody knows
}

/// As "2011:20400", at most `left` of them.
void vendors_own(Reader& list, unsigned& left, Emit& emit) {
  for (unsigned seen = 0; seen < kAttributesMax && left > 0 && !list.empty(); ++seen) {
    Attribute attribute = next(list);
    bool is_bodys =
        attribute.vendor == k3gpp || attribute.vendor == k3gpp2 || attribute.vendor == kEtsi;
    if (!list.ok() || attribute.vendor == 0 || is_bodys) continue;
    std::array<char, 24> text;
    char* const bound = text.data() + text.size();
    char* end = std::to_chars(text.data(), bound, attribute.vendor).ptr;
    *end++ = ':';
    end = std::to_chars(end, bound, attribute.code).ptr;
    emit.text(Field::vendor_attribute, std::string_view(text.data(), end));
    --left;
  }
}

/// Beside the standard ones, and in the groups that hold what is charged for.
void credit_control(Reader& list, Emit& emit) {
  if (was_relayed(list)) return;
  unsigned left = kVendorsOwnMax;
  Reader outer = list;
  vendors_own(outer, left, emit);
  for (unsigned seen = 0; seen < kAttributesMax && !list.empty(); ++seen) {
    Attribute attribute = next(list);
    bool is_group = attribute.code == kServiceInformation && attribute.vendor == k3gpp;
    Reader group(is_group && list.ok() ? attribute.value : Bytes{});
    vendors_own(group, left, emit);
    if (!group.ok()) list.fail();
  }
}

}  // namespace

void diameter(const Packet&, Reader& reader, Emit& emit) {
  Bytes header = reader.peek(kHeaderSize);
  if (header.empty()) return emit.more();
  if (reader.u8() != 1) return;  // the version; else something else on that port, as TLS
  size_t size = reader.u24();
  bool is_request = (reader.u8() & kIsRequest) != 0;
  uint32_t command = reader.u24();
  reader.skip(12);  // application, identifiers of hop and end
  bool is_neighbors = command == kCapabilitiesExchange || command == kDeviceWatchdog;
  if (!is_neighbors && (command != kCreditControl || !is_request)) return;
  if (size < kHeaderSize) return reader.fail();
  size -= kHeaderSize;
  bool is_short = reader.size() < size;
  if (is_short && !is_neighbors) return emit.more();
  Reader list(reader.take_up_to(size));
  if (is_neighbors) about_node(list, emit);
  if (!is_neighbors) credit_control(list, emit);
  if (is_short) return emit.more();
  if (!list.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
