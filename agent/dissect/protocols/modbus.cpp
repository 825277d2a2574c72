// SPDX-License-Identifier: Apache-2.0
// Modbus/TCP's answer to Read Device Identification, function 43 with type 14 (Modbus application
// protocol 1.1b3, section 6.21): the maker's name, product, revision and model as texts.
#include <optional>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint8_t kFunction = 43;
constexpr uint8_t kIdentification = 14;
constexpr size_t kSizeMax = 254;  // of what follows the length
constexpr int kUnitsMax = 16;

std::optional<Field> field_of(uint8_t object) {
  switch (object) {
    case 0:
      return Field::vendor;
    case 1:
      return Field::product_code;
    case 2:
      return Field::firmware_revision;
    case 3:
      return Field::vendor_url;
    case 4:
      return Field::platform;  // product name
    case 5:
      return Field::model;
    case 6:
      return Field::description;  // the application's name
    default:
      return {};
  }
}

void identification(Reader& unit, Emit& emit) {
  unit.skip(4);  // code, conformity, whether more follows, the next object
  int objects = unit.u8();
  for (int i = 0; i < objects && unit.ok(); ++i) {
    std::optional<Field> field = field_of(unit.u8());
    std::string_view text = unit.text(unit.u8());
    if (field && unit.ok()) emit.text(*field, text);
  }
  if (!unit.ok()) emit.malformed();
}

bool is_server(const Packet& packet) {
  return packet.source_port == 502 || packet.source_port == 6607;
}

}  // namespace

void modbus(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet)) return;
  for (int i = 0; i < kUnitsMax && reader.size() >= 9; ++i) {
    reader.skip(2);
    uint16_t protocol = reader.u16();
    size_t size = reader.u16();
    if (protocol != 0 || size < 3 || size > kSizeMax) return;  // the middle of something else
    if (size > reader.size()) return emit.more();
    Reader unit = reader.sub(size);
    unit.skip(1);
    uint8_t function = unit.u8();
    if (function == kFunction && unit.u8() == kIdentification) identification(unit, emit);
  }
}

}  // namespace tapwarden::protocols
