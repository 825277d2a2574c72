// SPDX-License-Identifier: Apache-2.0
// DHIP, the search protocol of video equipment, from public descriptions: a head of 32 octets, the
// length of what follows in it twice, and a JSON object: a tool's search or a device's notice.
#include "dissect/dissectors.hpp"
#include "dissect/json_scan.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::string_view kMagic(
    "\x20\x00\x00\x00"
    "DHIP",
    8);
constexpr uint8_t kTcp = 6;

struct Key {
  std::string_view path;
  Field field;
};

constexpr Key kKeys[] = {
    {"params.deviceInfo.DeviceClass", Field::device_class},
    {"params.deviceInfo.DeviceType", Field::model},
    {"params.deviceInfo.SerialNo", Field::serial},
    {"params.deviceInfo.Version", Field::software_version},
    {"params.deviceInfo.Vendor", Field::vendor},
    {"params.deviceInfo.Manufacturer", Field::manufacturer},
};

/// What kind of message it is and who speaks, in its own words: these stand anywhere in the object,
/// so they are looked up first.
struct Outline {
  std::string_view message;
  Mac mac;
  IpAddress ip;
  bool malformed = false;
};

Outline outline(std::string_view document) {
  Outline outline;
  JsonScan json(document);
  while (json.next()) {
    if (json.path() == "method") {
      if (json.text() == "DHDiscover.search") outline.message = "search";
      if (json.text() == "client.notifyDevInfo") outline.message = "device_info";
    } else if (json.path() == "mac" || json.path() == "params.deviceInfo.mac") {
      if (auto mac = parse_mac(json.text()); mac && *mac && !mac->is_group()) outline.mac = *mac;
    } else if (json.path() == "params.deviceInfo.IPv4Address.IPAddress") {
      if (auto ip = IpAddress::parse(json.text()); ip && ip->is_host()) outline.ip = *ip;
    }
  }
  outline.malformed = !json.ok();
  return outline;
}

void device_info(const Outline& device, JsonScan json, Emit& emit) {
  if (device.mac) emit.about(device.mac, device.ip);
  emit.text(Field::message, device.message);
  emit.mac(Field::device_mac, device.mac);
  emit.ip(Field::binding, device.ip);
  while (json.next()) {
    for (const Key& key : kKeys) {
      if (json.is_string() && json.path() == key.path) emit.text(key.field, json.text());
    }
  }
}

}  // namespace

void dhip(const Packet& packet, Reader& reader, Emit& emit) {
  if (as_text(reader.peek(kMagic.size())) != kMagic) return;  // something else on that port
  reader.skip(16);
  uint32_t size = reader.u32le();
  reader.skip(12);
  if (!reader.ok() || (size == 0 && reader.empty())) return;
  bool goes_on = packet.ip_protocol == kTcp && size > reader.size();  // in the next segment
  std::string_view document = as_text(reader.take_rest());            // whatever the head's length
  Outline found = outline(document);
  if (found.message == "device_info") {
    device_info(found, JsonScan(document), emit);
  } else {
    emit.text(Field::message, found.message);
  }
  if (found.malformed && !goes_on) emit.malformed();
}

}  // namespace tapwarden::protocols
