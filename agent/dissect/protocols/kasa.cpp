// SPDX-License-Identifier: Apache-2.0
// The Smart Home protocol of plugs, switches and lamps on port 9999, from public descriptions: a
// JSON object whose octets are each XORed with the enciphered one before; over TCP behind its
// length.
#include <algorithm>
#include <array>

#include "dissect/dissectors.hpp"
#include "dissect/json_scan.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint8_t kFirstKey = 171;
constexpr size_t kDocumentMax = 4096;  // what is longer is cut
constexpr std::string_view kInfo = "system.get_sysinfo.";
constexpr std::string_view kInquiry = "{\"system\":{\"get_sysinfo\":";

struct Key {
  std::string_view name;
  Field field;
};

constexpr Key kKeys[] = {
    {"model", Field::model},
    {"alias", Field::device_name},
    {"dev_name", Field::description},
    {"description", Field::description},
    {"type", Field::device_type},
    {"mic_type", Field::device_type},
    {"deviceId", Field::device_id},
    {"sw_ver", Field::software_version},
    {"hw_ver", Field::hardware_revision},
};

using Document = DecodedText<kDocumentMax>;

Document deciphered(Bytes cipher) {
  Document document;
  uint8_t key = kFirstKey;
  for (uint8_t octet : cipher.first(std::min(cipher.size(), kDocumentMax))) {
    document.append(static_cast<char>(octet ^ key));
    key = octet;
  }
  return document;
}

/// The last part of the path if it is a device's own information.
std::string_view own(const JsonScan& json) {
  return json.path().starts_with(kInfo) ? json.path().substr(kInfo.size()) : std::string_view{};
}

Mac own_mac(JsonScan json) {
  while (json.next()) {
    if (own(json) != "mac" && own(json) != "mic_mac" && own(json) != "ethernet_mac") continue;
    if (auto mac = parse_mac(json.text()); mac && *mac && !mac->is_group()) return *mac;
  }
  return {};
}

bool is_answer(JsonScan json) {
  while (json.next()) {
    if (own(json) == "model" || own(json) == "sw_ver") return true;
  }
  return false;
}

void answer(const Packet& packet, JsonScan json, Emit& emit) {
  Mac mac = own_mac(json);
  if (mac) emit.about(mac, packet.source_ip);
  emit.text(Field::message, "answer");
  emit.mac(Field::device_mac, mac);
  while (json.next()) {
    for (const Key& key : kKeys) {
      if (json.is_string() && own(json) == key.name) emit.text(key.field, json.text());
    }
  }
}

}  // namespace

void kasa(const Packet& packet, Reader& reader, Emit& emit) {
  Bytes head = reader.peek(6);
  if (head.empty()) return;
  size_t size = reader.size();
  if (head[0] == 0 && head[1] == 0) {
    size = reader.u32();
    head = reader.peek(2);
  }
  if (head[0] != 0xd0 || (head[1] != 0xf2 && head[1] != 0xad)) return;  // "{\"" or "{}"
  if (size > reader.size()) emit.more();
  bool is_whole = size <= reader.size() && size <= kDocumentMax;
  Document document = deciphered(reader.take_up_to(size));
  JsonScan json(document.view());
  if (is_answer(json)) {
    answer(packet, json, emit);
  } else if (document.view().starts_with(kInquiry)) {
    emit.text(Field::message, "inquiry");
  }
  while (json.next()) continue;
  if (is_whole && !json.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
