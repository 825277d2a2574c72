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
constexpr unsigned kMessagesMax = 8;  // of a session

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
void object(Bytes document, bool is_whole, Emit& emit) {
  JsonScan json(as_text(document));
  bool has_told = false;
  while (json.next()) {
    for (const Key& key : kKeys) {
      if (!json.is_string() || json.path() != key.path) continue;
      emit.text(key.field, json.text());
      has_told = true;
    }
  }
  if (has_told) emit.text(Field::message, "told");  // more than two octets that fit
  if (is_whole && !document.empty() && !json.ok()) emit.malformed();
}

/// One message of a session; false where it is none: something else on that port, or the middle of
/// a stream.
bool message(const Packet& packet, Reader& reader, Emit& emit) {
  Bytes head = reader.peek(kHead);
  bool is_server = packet.source_port == kServerPort;
  int kind = head[0] << 8 | head[1];
  bool is_login = kind == 0xa000 || kind == 0xa001 || kind == 0xa005;
  bool is_login_answer = kind == 0xb000 || kind == 0xb001;
  bool is_object = kind == 0xf600;
  if (!is_login && !is_login_answer && !is_object) return false;
  if (is_login && packet.target_port == kServerPort) emit.text(Field::message, "login");
  if (is_login_answer && is_server) emit.text(Field::message, "login_answer");
  if (is_object) emit.text(Field::message, is_server ? "answer" : "call");
  reader.skip(4);
  size_t size = reader.u32le();
  reader.skip(kHead - 8);
  bool is_whole = size <= reader.size();
  Bytes body = reader.take_up_to(size);
  if (!is_whole) emit.more();
  if (is_object && is_server) object(body, is_whole, emit);
  return is_whole;
}

}  // namespace

void dvrip(const Packet& packet, Reader& reader, Emit& emit) {
  Bytes head = reader.peek(kHead);
  if (head.empty()) return;
  if (head[0] == 0xa3 && head[1] == 0x01) return emit.text(Field::message, "search");
  if (head[0] == 0xb3 && head[1] == 0x00) return device_info(reader, emit);
  // What a device tells of itself comes behind the answer to the login.
  for (unsigned left = kMessagesMax; left > 0 && message(packet, reader, emit); --left) {
    if (reader.size() >= kHead) continue;
    if (packet.source_port == kServerPort && left > 1) emit.more();
    return;
  }
}

}  // namespace tapwarden::protocols
