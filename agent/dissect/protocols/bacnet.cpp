// SPDX-License-Identifier: Apache-2.0
// BACnet (ANSI/ASHRAE 135: clauses 6, 20, 21, annex J) over IP and over 802.3 LLC: I-Am, and what a
// device answers about its own device object. A station behind a BACnet router has no address that
// a tap could know it by: its maker and model are told of the router, as those of a station.
#include <optional>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint8_t kLinkControl = 0x81;  // BACnet/IP's first octet
enum LinkFunction : uint8_t {
  kForwarded = 0x04,
  kDistribute = 0x09,
  kUnicast = 0x0a,
  kBroadcast = 0x0b
};

enum Apdu : uint8_t { kUnconfirmed = 1, kComplexAck = 3 };
constexpr uint8_t kIAm = 0;
enum Acked : uint8_t { kReadProperty = 12, kReadPropertyMultiple = 14 };

constexpr uint32_t kDeviceObject = 8;
constexpr int kPropertiesMax = 128;
constexpr int kObjectsMax = 64;
constexpr int kNestedMax = 256;

std::optional<Field> field_of(uint32_t property, bool is_routed) {
  if (is_routed) {
    if (property == 120 || property == 121) return Field::station_vendor;
    return property == 70 ? std::optional(Field::station_product) : std::nullopt;
  }
  switch (property) {
    case 12:
      return Field::software_version;  // of the application
    case 28:
      return Field::description;
    case 44:
      return Field::firmware_revision;
    case 58:
      return Field::system_location;
    case 70:
      return Field::model;
    case 77:
      return Field::system_name;
    case 120:
      return Field::vendor_number;
    case 121:
      return Field::vendor;
    case 372:
      return Field::serial;
    default:
      return {};
  }
}

/// A tag (20.2.1): its number, whether it is of the context, and how many octets follow; opening
/// and closing tags have none.
struct Tag {
  enum Application : uint8_t { kUnsigned = 2, kText = 7, kObject = 12 };
  uint8_t number = 0;
  bool is_context = false;
  bool is_opening = false;
  bool is_closing = false;
  size_t size = 0;

  bool is(Application type) const { return !is_context && number == type; }
  bool is_context_of(uint8_t wanted) const {
    return is_context && number == wanted && !is_opening && !is_closing;
  }
  bool opens(uint8_t wanted) const { return is_opening && number == wanted; }
  bool closes(uint8_t wanted) const { return is_closing && number == wanted; }
};

Tag next_tag(Reader& reader) {
  uint8_t head = reader.u8();
  Tag tag;
  tag.number = head >> 4;
  tag.is_context = (head & 0x08) != 0;
  tag.size = head & 0x07;
  if (tag.number == 15) tag.number = reader.u8();
  tag.is_opening = tag.is_context && tag.size == 6;
  tag.is_closing = tag.is_context && tag.size == 7;
  if (tag.is_opening || tag.is_closing) tag.size = 0;
  if (tag.size == 5) tag.size = reader.u8();
  if (tag.size == 254) tag.size = reader.u16();
  if (tag.size == 255) tag.size = reader.u32();
  bool is_boolean = !tag.is_context && tag.number == 1;  // the value stands in the tag
  if (is_boolean) tag.size = 0;
  return reader.ok() ? tag : Tag{};
}

uint32_t unsigned_of(Reader& reader, size_t size) {
  if (size == 0 || size > 4) reader.fail();
  uint32_t value = 0;
  for (size_t i = 0; i < size && reader.ok(); ++i) value = value << 8 | reader.u8();
  return value;
}

void text(Field field, Reader value, Emit& emit) {
  enum Charset : uint8_t { kUtf8 = 0, kUcs2 = 4, kLatin1 = 5 };
  uint8_t charset = value.u8();
  if (charset == kUcs2) return emit.utf16(field, value.take_rest(), false);
  if (charset == kUtf8 || charset == kLatin1) emit.text(field, value.take_rest());
}

/// Whose properties are read: the sender's own device, that of a station behind it, or of anything
/// else, which is stepped over.
enum class About : uint8_t { nobody, sender, station };

void value_of(uint32_t property, About about, const Tag& tag, Reader value, Emit& emit) {
  constexpr uint32_t kVendorNumber = 120;
  std::optional<Field> field = field_of(property, about == About::station);
  if (!field || about == About::nobody) return;
  if (tag.is(Tag::kText)) return text(*field, value, emit);
  if (property == kVendorNumber && tag.is(Tag::kUnsigned) && tag.size <= 4)
    emit.number(*field, unsigned_of(value, tag.size));
}

/// Values up to the closing tag that belongs to the opening one just read; the first counts.
void values(uint8_t closing, uint32_t property, About about, Reader& reader, Emit& emit) {
  int depth = 0;
  for (int i = 0; i < kNestedMax && reader.ok(); ++i) {
    Tag tag = next_tag(reader);
    if (!reader.ok()) return;
    if (tag.closes(closing) && depth == 0) return;
    if (tag.is_opening) ++depth;
    if (tag.is_closing) --depth;
    Reader value = reader.sub(tag.size);
    if (reader.ok() && i == 0) value_of(property, about, tag, value, emit);
  }
  reader.fail();
}

/// 21: the object comes first, an identifier of ten and twenty-two bits.
About object(About speaker, Reader& reader) {
  Tag tag = next_tag(reader);
  uint32_t identifier = unsigned_of(reader, tag.size);
  if (!tag.is_context_of(0)) reader.fail();
  return identifier >> 22 == kDeviceObject ? speaker : About::nobody;
}

void read_property(About speaker, Reader& reader, Emit& emit) {
  About about = object(speaker, reader);
  Tag tag = next_tag(reader);
  if (!tag.is_context_of(1)) reader.fail();
  uint32_t property = unsigned_of(reader, tag.size);
  tag = next_tag(reader);
  bool has_index = tag.is_context_of(2);
  if (has_index) {
    reader.skip(tag.size);
    tag = next_tag(reader);
  }
  if (!tag.opens(3)) reader.fail();
  values(3, property, has_index ? About::nobody : about, reader, emit);
}

/// The results for one object, up to the closing tag.
void results(About about, Reader& reader, Emit& emit) {
  for (int i = 0; i < kPropertiesMax && reader.ok(); ++i) {
    Tag tag = next_tag(reader);
    if (!reader.ok() || tag.closes(1)) return;
    if (!tag.is_context_of(2)) break;
    uint32_t property = unsigned_of(reader, tag.size);
    tag = next_tag(reader);
    bool has_index = tag.is_context_of(3);
    if (has_index) {
      reader.skip(tag.size);
      tag = next_tag(reader);
    }
    bool is_value = tag.opens(4);
    if (!is_value && !tag.opens(5)) break;  // or an error
    values(tag.number, property, is_value && !has_index ? about : About::nobody, reader, emit);
  }
  reader.fail();
}

void read_multiple(About speaker, Reader& reader, Emit& emit) {
  for (int i = 0; i < kObjectsMax && reader.ok() && !reader.empty(); ++i) {
    About about = object(speaker, reader);
    if (!next_tag(reader).opens(1)) reader.fail();
    results(about, reader, emit);
  }
}

void i_am(About speaker, Reader& reader, Emit& emit) {
  Tag tag = next_tag(reader);
  uint32_t identifier = unsigned_of(reader, tag.size);
  if (!tag.is(Tag::kObject) || identifier >> 22 != kDeviceObject) return reader.fail();
  reader.skip(next_tag(reader).size);  // longest message
  reader.skip(next_tag(reader).size);  // segmentation
  tag = next_tag(reader);
  if (!tag.is(Tag::kUnsigned)) return reader.fail();
  uint32_t vendor = unsigned_of(reader, tag.size);
  if (!reader.ok()) return;
  if (speaker == About::station) return emit.number(Field::station_vendor, vendor);
  emit.number(Field::device_id, identifier & 0x3fffff);
  emit.number(Field::vendor_number, vendor);
}

void application(About speaker, Reader& reader, Emit& emit) {
  uint8_t head = reader.u8();
  if (head >> 4 == kUnconfirmed) {
    if (reader.u8() == kIAm) i_am(speaker, reader, emit);
    return;
  }
  bool is_segment = (head & 0x08) != 0;
  if (head >> 4 != kComplexAck || is_segment) return;
  reader.skip(1);  // invocation
  switch (reader.u8()) {
    case kReadProperty:
      return read_property(speaker, reader, emit);
    case kReadPropertyMultiple:
      return read_multiple(speaker, reader, emit);
    default:
      return;
  }
}

/// The network layer (clause 6): where it goes and whence it came, if not from this network.
void network(Reader& reader, Emit& emit) {
  uint8_t version = reader.u8();
  uint8_t control = reader.u8();
  if (!reader.ok() || version != 1) return reader.fail();
  bool is_network_message = (control & 0x80) != 0;
  bool has_target = (control & 0x20) != 0;
  bool has_source = (control & 0x08) != 0;
  if (is_network_message) return;
  for (bool has_address : {has_target, has_source}) {
    if (!has_address) continue;
    reader.skip(2);
    reader.skip(reader.u8());
  }
  if (has_target) reader.skip(1);  // hop count
  application(has_source ? About::station : About::sender, reader, emit);
}

}  // namespace

void bacnet(const Packet& packet, Reader& reader, Emit& emit) {
  if (!packet.is_ip()) return network(reader, emit);
  size_t whole = reader.size();
  uint8_t mark = reader.u8();
  uint8_t function = reader.u8();
  size_t size = reader.u16();
  // Other things have these ports and first octets too.
  if (!reader.ok() || mark != kLinkControl || (size != whole && !packet.cut)) return;
  switch (function) {
    case kForwarded: {
      IpAddress origin = reader.ipv4();
      reader.skip(2);
      if (reader.ok() && origin.is_host()) emit.about(Mac{}, origin);
      if (origin.is_host()) network(reader, emit);
      return;
    }
    case kDistribute:
    case kUnicast:
    case kBroadcast:
      return network(reader, emit);
    default:
      return;
  }
}

}  // namespace tapwarden::protocols
