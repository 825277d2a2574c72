// SPDX-License-Identifier: Apache-2.0
// The device discovery protocol on UDP 20002 and 20004, from public descriptions: a head of 16
// octets with version 2, and a JSON object whose "result" describes the device.
#include "dissect/dissectors.hpp"
#include "dissect/json_scan.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint8_t kVersion = 2;
constexpr std::string_view kResult = "result.";

struct Key {
  std::string_view name;
  Field field;
};

constexpr Key kKeys[] = {
    {"device_type", Field::device_type},
    {"device_model", Field::model},
    {"device_name", Field::device_name},
    {"device_id", Field::device_id},
    {"firmware_version", Field::software_version},
    {"fw_ver", Field::software_version},
    {"hardware_version", Field::hardware_revision},
    {"hw_ver", Field::hardware_revision},
};

std::string_view own(const JsonScan& json) {
  return json.path().starts_with(kResult) ? json.path().substr(kResult.size()) : std::string_view{};
}

/// Whose facts they are stands behind some of them, so it is looked up first.
void speaker(const Packet& packet, JsonScan json, Emit& emit) {
  Mac mac;
  IpAddress ip;
  while (json.next()) {
    if (own(json) == "mac") mac = parse_mac(json.text()).value_or(Mac{});
    if (own(json) == "ip") ip = IpAddress::parse(json.text()).value_or(IpAddress{});
  }
  if (mac && !mac.is_group()) {
    emit.about(mac, packet.source_ip);
    emit.mac(Field::device_mac, mac);
  }
  if (ip == packet.source_ip) emit.ip(Field::binding, ip);
}

bool is_answer(JsonScan json) {
  while (json.next()) {
    if (own(json) == "device_model" || own(json) == "device_type") return true;
  }
  return false;
}

}  // namespace

void tdp(const Packet& packet, Reader& reader, Emit& emit) {
  uint8_t version = reader.peek().empty() ? 0 : reader.u8();
  if (version != kVersion) return;  // something else on that port
  reader.skip(3);
  size_t size = reader.u16();
  reader.skip(10);
  if (!reader.ok() || size != reader.size()) return;
  if (size == 0) return emit.text(Field::message, "inquiry");
  JsonScan json(as_text(reader.take_rest()));
  if (is_answer(json)) {
    speaker(packet, json, emit);
    emit.text(Field::message, "answer");
  }
  while (json.next()) {
    for (const Key& key : kKeys) {
      if (json.is_string() && own(json) == key.name) emit.text(key.field, json.text());
    }
  }
  if (!json.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
