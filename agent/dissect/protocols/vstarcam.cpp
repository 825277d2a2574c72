// SPDX-License-Identifier: Apache-2.0
// A search protocol of cameras on UDP 8600, from public descriptions: "DH", a command, and in an
// answer addresses as texts, the MAC address and names of fixed size. The two letters are those of
// another maker, with whose protocols it has nothing in common.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Command : uint32_t { kSearch = 0x44480101, kAnswer = 0x44480108 };

constexpr size_t kAddressSize = 16;
constexpr size_t kNameSize = 32;
constexpr size_t kUnknownSize = 48;

std::string_view until_nul(Bytes bytes) {
  std::string_view text = as_text(bytes);
  return text.substr(0, text.find('\0'));
}

void answer(Reader& reader, Emit& emit) {
  IpAddress ip = IpAddress::parse(until_nul(reader.take(kAddressSize))).value_or(IpAddress{});
  if (!ip.is_host()) ip = {};
  reader.skip(4 * kAddressSize);  // mask, gateway, two name servers
  Mac mac = reader.mac();
  reader.skip(2);  // port of the web interface
  std::string_view serial = until_nul(reader.take(kNameSize));
  std::string_view name = until_nul(reader.take(kNameSize));
  if (!reader.ok()) return;
  if (mac && !mac.is_group()) {
    emit.about(mac, ip);
    emit.mac(Field::device_mac, mac);
  }
  emit.text(Field::message, "answer");
  emit.ip(Field::binding, ip);
  emit.text(Field::serial, serial);
  emit.text(Field::device_name, name);
  reader.skip(kUnknownSize);
  emit.text(Field::firmware_revision, until_nul(reader.take(kNameSize)));
}

}  // namespace

void vstarcam(const Packet&, Reader& reader, Emit& emit) {
  uint32_t command = reader.u32();
  if (command == kSearch) emit.text(Field::message, "search");
  if (command == kAnswer) answer(reader, emit);
}

}  // namespace tapwarden::protocols
