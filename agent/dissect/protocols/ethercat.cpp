// SPDX-License-Identifier: Apache-2.0
// EtherCAT (IEC 61158-4-12; registers and the slaves' information interface as ETG.1000 and
// ETG.2010 lay them down): whose slaves a master finds. Slaves have no address of their own, so
// what is read of them is told of the frame's sender.
#include <optional>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr int kDatagramsMax = 128;
constexpr uint16_t kDatagrams = 1;  // type of the frame
constexpr uint16_t kInterface = 0x0502;

enum Command : uint8_t { kReadByPosition = 1, kReadByAddress = 4 };

void identity(Field field, uint32_t number, Emit& emit) {
  if (number == 0 || number == 0xffffffff) return;
  const uint8_t octets[] = {static_cast<uint8_t>(number >> 24), static_cast<uint8_t>(number >> 16),
                            static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)};
  emit.hex(field, octets);
}

/// The interface's registers read at once: the word's address, then what stands there.
void information(Reader data, Emit& emit) {
  constexpr uint32_t kVendor = 8;
  constexpr uint32_t kProduct = 10;
  uint16_t control = data.u16le();
  uint32_t address = data.u32le();
  uint32_t first = data.u32le();
  constexpr uint16_t kBusyOrFailed = 0xf800;
  if (!data.ok() || (control & kBusyOrFailed) != 0) return;
  if (address == kVendor) {
    identity(Field::station_vendor, first, emit);
    if (data.size() >= 4) identity(Field::station_product, data.u32le(), emit);
  } else if (address == kProduct) {
    identity(Field::station_product, first, emit);
  }
}

/// A mailbox with CANopen's answer to a question for the identity object.
void mailbox(Reader data, Emit& emit) {
  constexpr uint8_t kCanOpen = 3;
  constexpr uint16_t kAnswer = 3;
  constexpr uint8_t kFourOctets = 0x43;
  constexpr uint16_t kIdentityObject = 0x1018;
  uint16_t size = data.u16le();
  data.skip(3);
  uint8_t type = data.u8() & 0x0f;
  uint16_t service = data.u16le() >> 12;
  uint8_t command = data.u8();
  uint16_t object = data.u16le();
  uint8_t part = data.u8();
  uint32_t value = data.u32le();
  if (!data.ok() || size != 10 || type != kCanOpen || service != kAnswer ||
      command != kFourOctets || object != kIdentityObject)
    return;
  if (part == 1) identity(Field::station_vendor, value, emit);
  if (part == 2) identity(Field::station_product, value, emit);
}

}  // namespace

void ethercat(const Packet&, Reader& reader, Emit& emit) {
  uint16_t head = reader.u16le();
  if (!reader.ok() || head >> 12 != kDatagrams) return;
  Reader frame = reader.sub(head & 0x07ff);
  bool more = true;
  for (int i = 0; more && i < kDatagramsMax && frame.ok(); ++i) {
    uint8_t command = frame.u8();
    frame.skip(1 + 2);  // index, slave
    uint16_t place = frame.u16le();
    uint16_t size = frame.u16le();
    more = (size & 0x8000) != 0;
    frame.skip(2);  // events
    Reader data = frame.sub(size & 0x07ff);
    bool was_answered = frame.u16le() != 0;
    bool is_read = command == kReadByPosition || command == kReadByAddress;
    if (!frame.ok() || !was_answered || !is_read) continue;
    place == kInterface ? information(data, emit) : mailbox(data, emit);
  }
  if (!frame.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
