// SPDX-License-Identifier: Apache-2.0
// NetIP, the search and control protocol of recorders and cameras on port 34567 and its
// neighbours, from public descriptions: a little endian head of 20 octets with the kind of message
// in it, and a JSON object.
#include <charconv>

#include "dissect/dissectors.hpp"
#include "dissect/json_scan.hpp"

namespace tapwarden::protocols {

namespace {

enum Kind : uint16_t { kLogin = 1000, kLoginAnswer = 1001, kInfo = 1021, kSearch = 1530, kFound };

struct Key {
  std::string_view path;
  Field field;
};

constexpr Key kKeys[] = {
    {"NetWork.NetCommon.HostName", Field::device_name},
    {"NetWork.NetCommon.SN", Field::serial},
    {"NetWork.NetCommon.Version", Field::software_version},
    {"NetWork.NetCommon.DeviceType", Field::device_type},
    {"DeviceType ", Field::device_type},
    {"SystemInfo.SerialNo", Field::serial},
    {"SystemInfo.SoftWareVersion", Field::software_version},
    {"SystemInfo.HardWare", Field::hardware_revision},
};

std::string_view word(uint16_t kind) {
  switch (kind) {
    case kLogin:
      return "login";
    case kLoginAnswer:
      return "login_answer";
    case kInfo:
      return "info";
    case kSearch:
      return "search";
    case kFound:
      return "answer";
    default:
      return {};
  }
}

/// An address as a number in hexadecimal digits, its first octet the lowest.
IpAddress address(std::string_view text) {
  if (!text.starts_with("0x")) return {};
  uint32_t value = 0;
  const char* end = text.data() + text.size();
  auto [at, error] = std::from_chars(text.data() + 2, end, value, 16);
  if (at != end || error != std::errc{}) return {};
  std::array<uint8_t, 4> octets;
  for (uint8_t& octet : octets) {
    octet = static_cast<uint8_t>(value);
    value >>= 8;
  }
  return IpAddress::from(octets);
}

/// Whose facts they are stands behind some of them, so it is looked up first.
void speaker(JsonScan json, Emit& emit) {
  Mac mac;
  IpAddress ip;
  while (json.next()) {
    if (json.path() == "NetWork.NetCommon.MAC") mac = parse_mac(json.text()).value_or(Mac{});
    if (json.path() == "NetWork.NetCommon.HostIP") ip = address(json.text());
  }
  if (!ip.is_host()) ip = {};
  if (mac && !mac.is_group()) {
    emit.about(mac, ip);
    emit.mac(Field::device_mac, mac);
  }
  emit.ip(Field::binding, ip);
}

void object(uint16_t kind, std::string_view document, bool is_whole, Emit& emit) {
  JsonScan json(document);
  if (kind == kFound) speaker(json, emit);
  emit.text(Field::message, word(kind));
  while (json.next()) {
    for (const Key& key : kKeys) {
      if (json.path() == key.path) emit.text(key.field, json.text());
    }
  }
  if (is_whole && !json.ok()) emit.malformed();
}

/// False where no message is: something else on that port, or the middle of a stream.
bool message(Reader& reader, Emit& emit) {
  Bytes head = reader.peek(4);
  if (head.empty() || head[0] != 0xff || head[1] > 1 || head[2] != 0) return false;
  reader.skip(14);
  uint16_t kind = reader.u16le();
  size_t size = reader.u32le();
  if (!reader.ok()) return false;
  if (kind == kSearch || kind == kLogin) emit.text(Field::message, word(kind));
  bool is_whole = size <= reader.size();
  Bytes body = reader.take_up_to(size);
  bool is_told = !word(kind).empty() && kind != kSearch && kind != kLogin;
  if (!is_whole && is_told) emit.more();
  if (is_told) object(kind, as_text(body), is_whole && size > 0, emit);
  return is_whole;
}

}  // namespace

void xiongmai(const Packet& packet, Reader& reader, Emit& emit) {
  constexpr size_t kHead = 20;
  constexpr unsigned kMessagesMax = 8;
  constexpr uint16_t kServerPort = 34567;
  // What a device tells of itself comes behind the answer to the login.
  for (unsigned left = kMessagesMax; left > 0 && message(reader, emit); --left) {
    if (reader.size() >= kHead) continue;
    if (packet.source_port == kServerPort && left > 1) emit.more();
    return;
  }
}

}  // namespace tapwarden::protocols
