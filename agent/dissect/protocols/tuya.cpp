// SPDX-License-Identifier: Apache-2.0
// The local protocol of devices on Tuya's modules, from public descriptions: frames between
// 000055aa and 0000aa55, or from version 3.5 on between 00006699 and 00009966. What is plain JSON
// (version 3.1) is read; of what is enciphered only that it was sent.
#include "dissect/dissectors.hpp"
#include "dissect/json_scan.hpp"

namespace tapwarden::protocols {

namespace {

enum Prefix : uint32_t { kPlain = 0x000055aa, kSealed = 0x00006699 };

constexpr uint32_t kAsksForDevices = 0x25;
constexpr uint16_t kDevicePort = 6668;
constexpr uint8_t kTcp = 6;
constexpr size_t kTail = 8;  // checksum and suffix

void announcement(const Packet& packet, Bytes body, Emit& emit) {
  emit.text(Field::message, "announcement");
  std::string_view text = as_text(body);
  if (text.starts_with(std::string_view("\0\0\0\0", 4))) text.remove_prefix(4);  // return code
  if (!text.starts_with('{')) return;                                            // enciphered
  JsonScan json(text);
  while (json.next()) {
    if (!json.is_string()) continue;
    if (json.path() == "gwId") emit.text(Field::device_id, json.text());
    if (json.path() == "productKey") emit.text(Field::product_key, json.text());
    if (json.path() == "ip" && IpAddress::parse(json.text()) == packet.source_ip) {
      emit.ip(Field::binding, packet.source_ip);
    }
  }
  if (!json.ok()) emit.malformed();
}

}  // namespace

void tuya(const Packet& packet, Reader& reader, Emit& emit) {
  if (reader.size() < 24) return;
  uint32_t prefix = reader.u32();
  if (prefix != kPlain && prefix != kSealed) return;  // something else on that port
  reader.skip(prefix == kSealed ? 6 : 4);
  uint32_t command = reader.u32();
  size_t size = reader.u32();
  if (packet.ip_protocol == kTcp) {
    bool is_device = packet.source_port == kDevicePort;
    return emit.text(Field::message, is_device ? "answer" : "request");
  }
  if (size < kTail || size > reader.size()) return reader.fail();
  if (command == kAsksForDevices) return emit.text(Field::message, "inquiry");
  if (prefix == kSealed) return emit.text(Field::message, "announcement");
  announcement(packet, reader.take(size - kTail), emit);
}

}  // namespace tapwarden::protocols
