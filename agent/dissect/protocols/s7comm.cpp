// SPDX-License-Identifier: Apache-2.0
// S7 communication over ISO on TCP (RFC 1006, ISO 8073; the rest as public decoders and the maker's
// manual on system status lists describe it): the lists 0x11 and 0x1c, in which a controller tells
// its order number, firmware, names and serial number.
#include <array>
#include <charconv>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kServicePort = 102;
constexpr uint8_t kTpktVersion = 3;
constexpr uint8_t kData = 0xf0;  // COTP
constexpr uint8_t kS7 = 0x32;
constexpr uint8_t kUserData = 7;
constexpr uint8_t kReadList = 0x84;  // answer, of the function group of the processor
constexpr int kMessagesMax = 64;
constexpr int kEntriesMax = 32;

enum List : uint8_t { kModule = 0x11, kComponents = 0x1c };

/// A text that blanks or NULs fill up.
std::string_view filled(Bytes octets) {
  std::string_view text = as_text(octets);
  text = text.substr(0, text.find('\0'));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// "V3.2.6": three numbers behind a letter.
void firmware(Bytes version, Emit& emit) {
  std::array<char, 16> text;
  char* end = text.data();
  *end++ = static_cast<char>(version[0]);
  for (size_t i = 1; i < version.size(); ++i) {
    if (i > 1) *end++ = '.';
    end = std::to_chars(end, text.data() + text.size(), version[i]).ptr;
  }
  emit.text(Field::firmware_revision, std::string_view(text.data(), end));
}

void module_entry(Reader entry, Emit& emit) {
  uint16_t index = entry.u16();
  Bytes order = entry.take(20);
  entry.skip(2);  // kind of module
  Bytes version = entry.take(4);
  if (!entry.ok()) return;
  if (index == 1) emit.text(Field::model, filled(order));
  if (index == 7 && version[0] == 'V') firmware(version, emit);
}

void component_entry(Reader entry, Emit& emit) {
  uint16_t index = entry.u16();
  if (!entry.ok()) return;
  std::string_view text = filled(entry.take_rest());
  switch (index) {
    case 1:
      return emit.text(Field::system_name, text);
    case 2:
      return emit.text(Field::device_name, text);
    case 4:
      return emit.text(Field::description, text);  // copyright
    case 5:
      return emit.text(Field::serial, text);
    case 7:
      return emit.text(Field::platform, text);
    default:
      return;
  }
}

/// Entries of one size; true when it was the list of components, which tells most.
bool status_list(Reader& list, Emit& emit) {
  list.skip(4);  // return code, transport size, length
  uint16_t id = list.u16();
  list.skip(2);  // index
  size_t size = list.u16();
  int entries = list.u16();
  int kind = id & 0xff;
  if (!list.ok() || (kind != kModule && kind != kComponents)) return false;
  if (size < 2) {
    if (entries != 0) emit.malformed();
    return false;
  }
  for (int i = 0; i < entries && i < kEntriesMax && !list.empty(); ++i) {
    Reader entry = list.sub(size);
    if (!list.ok()) break;
    kind == kModule ? module_entry(entry, emit) : component_entry(entry, emit);
  }
  if (!list.ok()) emit.malformed();
  return kind == kComponents;
}

bool telegram(Reader message, Emit& emit) {
  uint8_t header = message.u8();
  uint8_t type = message.u8();
  bool is_data = type == kData;
  if (header < 2 || !is_data) return false;
  message.skip(header - size_t{1});
  if (message.u8() != kS7 || message.u8() != kUserData) return false;
  message.skip(4);  // reserved, reference
  size_t parameters = message.u16();
  size_t data = message.u16();
  Reader head = message.sub(parameters);
  Reader list = message.sub(data);
  if (!message.ok()) {
    emit.malformed();
    return false;
  }
  head.skip(5);  // head, length, method
  bool is_list = head.u8() == kReadList && head.u8() == 1;
  head.skip(2);  // sequence, data unit
  bool is_last = head.u8() == 0;
  bool has_failed = head.u16() != 0;
  return head.ok() && is_list && is_last && !has_failed && status_list(list, emit);
}

}  // namespace

void s7comm(const Packet& packet, Reader& reader, Emit& emit) {
  if (packet.source_port != kServicePort) return;
  for (int i = 0; i < kMessagesMax; ++i) {
    if (reader.size() < 4) return emit.more();
    uint8_t version = reader.peek()[0];
    size_t size = static_cast<size_t>(reader.peek()[2] << 8 | reader.peek()[3]);
    if (version != kTpktVersion || size < 7) return;  // the middle of something, or none of this
    if (size > reader.size()) return emit.more();
    reader.skip(4);
    if (telegram(reader.sub(size - 4), emit)) return;
  }
}

}  // namespace tapwarden::protocols
