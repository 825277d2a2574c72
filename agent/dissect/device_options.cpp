// SPDX-License-Identifier: Apache-2.0
#include "dissect/device_options.hpp"

#include <algorithm>

namespace tapwarden {

namespace {

bool is_printable(Bytes value) {
  return std::ranges::all_of(value, [](uint8_t c) { return c >= 0x20 && c < 0x7f; });
}

void text(Field field, Bytes value, Emit& emit) {
  if (is_printable(value)) emit.text(field, value);
}

/// Three octets, or six digits.
void oui(Bytes value, Emit& emit) {
  if (value.size() == 3) return emit.hex(Field::organization_oui, value);
  if (value.size() == 6) text(Field::organization_oui, value, emit);
}

}  // namespace

void emit_cable_option(uint16_t code, Bytes value, Emit& emit) {
  switch (code) {
    case 4:
      return text(Field::serial, value, emit);
    case 5:
      return text(Field::hardware_revision, value, emit);
    case 6:
      return text(Field::software_version, value, emit);
    case 8:
      return oui(value, emit);
    case 9:
      return text(Field::model, value, emit);
    case 10:
      return text(Field::manufacturer, value, emit);
    case 36:
      if (value.size() == 6) emit.mac(Field::device_mac, Reader(value).mac());
      return;
    default:
      return;
  }
}

void emit_device_identity(uint16_t code, uint16_t first, Bytes value, Emit& emit) {
  if (code < first || code > first + 2) return;
  if (code == first) return oui(value, emit);
  text(code == first + 1 ? Field::serial : Field::product_class, value, emit);
}

}  // namespace tapwarden
