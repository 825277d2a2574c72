// SPDX-License-Identifier: Apache-2.0
#include "dissect/simple_configuration.hpp"

namespace tapwarden {

bool emit_simple_configuration(Reader list, Emit& emit) {
  while (!list.empty()) {
    uint16_t attribute = list.u16();
    Bytes value = list.take(list.u16());
    if (!list.ok()) return false;
    switch (attribute) {
      case 0x1011:
        emit.text(Field::system_name, value);
        break;
      case 0x1021:
        emit.text(Field::manufacturer, value);
        break;
      case 0x1023:
        emit.text(Field::model, value);
        break;
      case 0x1024:
        emit.text(Field::model_number, value);
        break;
      case 0x1042:
        emit.text(Field::serial, value);
        break;
      default:
        break;
    }
  }
  return true;
}

}  // namespace tapwarden
