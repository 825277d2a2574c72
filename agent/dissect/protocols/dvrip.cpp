// SPDX-License-Identifier: Apache-2.0
// DVRIP, the older search and control protocol of video equipment, from public descriptions: a head
// of 32 octets whose first two tell the kind of message, little endian lengths, and then a fixed
// form, texts or a JSON object.
#include <algorithm>

#include "dissect/dissectors.hpp"
#include "dissect/json_scan.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kServerPort = 37777;
constexpr size_t kHead = 32;
constexpr size_t kMacText = 17;

struct Key {
  std::string_view path;
  Field field;
};

constexpr Key kKeys[] = {
    {"params.sn", Field::serial},
    {"params.version.Version", Field::software_version},
    {"params.Vendor", Field::vendor},
    {"params.Manufacturer", Field::manufacturer},
};

std::string_view until_nul(Bytes bytes) {
  std::string_view text = as_text(bytes);
  return text.substr(0, text.find('\0'));
}

/// A device's answer to a search: behind a head of 120 octets its MAC address as text and its
/// model.
void device_info(Reader& reader, Emit& emit) {
  reader.skip(2);
  size_t texts_size = reader.u8();
  reader.skip(37);
  std::string_view kind = until_nul(reader.take(16));
  IpAddress ip = reader.ipv4();
  reader.skip(60);
  Reader texts(reader.take_up_to(texts_size));
  std::optional<Mac> mac = parse_mac(until_nul(texts.take_up_to(kMacText)));
  if (mac && *mac && !mac->is_group()) {
    emit.about(*mac, ip.is_host() ? ip : IpAddress{});
    emit.mac(Field::device_mac, *mac);
  }
  emit.text(Field::message, "device_info");
  if (!reader.ok()) return;
  emit.ip(Field::binding, ip);
  emit.text(Field::device_class, kind);
  emit.text(Field::model, until_nul(texts.take_rest()));
  if (reader.empty() && texts_size < kMacText) emit.malformed();
}

/// An answer to a call, whose results stand under "params".
void object(Reader& reader, Emit& emit) {
  reader.skip(4);
  size_t size = reader.u32le();
  reader.skip(kHead - 8);
  if (size > reader.size()) emit.more();
  bool is_whole = size <= reader.size();
  JsonScan json(as_text(reader.take_up_to(size)));
  while (json.next()) {
    for (const Key& key : kKeys) {
      if (json.is_string() && json.path() == key.path) emit.text(key.field, json.text());
    }
  }
  if (is_whole && size > 0 && !json.ok()) emit.malformed();
}

}  // namespace

void dvrip(const Packet& packet, Reader& reader, Emit& emit) {
  Bytes head = reader.peek(kHead);
  if (head.empty()) return;
  bool is_server = packet.source_port == kServerPort;
  switch (head[0] << 8 | head[1]) {
    case 0xa301:
      return emit.text(Field::message, "search");
    case 0xb300:
      return device_info(reader, emit);
    case 0xa000:
    case 0xa001:
    case 0xa005:
      if (packet.target_port == kServerPort) emit.text(Field::message, "login");
      return;
    case 0xb000:
    case 0xb001:
      if (is_server) emit.text(Field::message, "login_answer");
      return;
    case 0xf600:
      emit.text(Field::message, is_server ? "answer" : "call");
      if (is_server) object(reader, emit);
      return;
    default:
      return;  // something else on that port, or the middle of a stream
  }
}

}  // namespace tapwarden::protocols
