// SPDX-License-Identifier: Apache-2.0
// SADP, the search protocol of video equipment, from public descriptions: XML over UDP 37020, with
// the root Probe for a tool's question and ProbeMatch for a device's answer, and an older binary
// form on EtherType 0x8033, which it shares with its registered owner's.
#include "dissect/dissectors.hpp"
#include "dissect/xml_scan.hpp"

namespace tapwarden::protocols {

namespace {

struct Tag {
  std::string_view name;
  Field field;
};

constexpr Tag kTags[] = {
    {"DeviceType", Field::device_type},
    {"DeviceDescription", Field::model},
    {"DeviceSN", Field::serial},
    {"OEMinfo", Field::brand_text},
    {"SoftwareVersion", Field::software_version},
};

/// Who answers, in its own words: the tags stand behind others, so they are looked up first.
struct Speaker {
  Mac mac;
  IpAddress ip;
};

Speaker speaker(std::string_view document) {
  Speaker speaker;
  for (XmlScan xml(document); xml.next();) {
    if (xml.depth() != 2) continue;
    if (xml.name() == "MAC") speaker.mac = parse_mac(xml.text()).value_or(Mac{});
    if (xml.name() == "IPv4Address") {
      speaker.ip = IpAddress::parse(xml.text()).value_or(IpAddress{});
    }
  }
  if (speaker.mac.is_group()) speaker.mac = {};
  if (!speaker.ip.is_host()) speaker.ip = {};
  return speaker;
}

void answer(std::string_view document, Emit& emit) {
  Speaker sender = speaker(document);
  if (sender.mac) emit.about(sender.mac, sender.ip);
  emit.text(Field::message, "answer");
  emit.mac(Field::device_mac, sender.mac);
  emit.ip(Field::binding, sender.ip);
  XmlScan xml(document);
  while (xml.next()) {
    if (xml.depth() != 2) continue;
    for (const Tag& tag : kTags) {
      if (xml.name() == tag.name) emit.text(tag.field, xml.text());
    }
  }
  if (!xml.ok()) emit.malformed();
}

void over_udp(std::string_view document, Emit& emit) {
  XmlScan xml(document);
  xml.next();
  if (xml.root() == "ProbeMatch") return answer(document, emit);
  if (xml.root() != "Probe") return;  // something else on that port
  emit.text(Field::message, "inquiry");
  while (xml.next()) continue;
  if (!xml.ok()) emit.malformed();
}

void over_ethernet(Reader& reader, Emit& emit) {
  Bytes head = reader.peek(10);
  if (head.empty() || head[0] != 0x21 || head[8] != 0x06 || head[9] != 0x04) return;
  bool is_answer = head[1] == 1;
  if (!is_answer && head[1] != 2) return;
  reader.skip(14);  // counter, operation, checksum
  Mac mac = reader.mac();
  IpAddress ip = reader.ipv4();
  reader.skip(14);  // the target's pair, the subnet mask
  if (!reader.ok()) return;
  if (mac && !mac.is_group()) {
    emit.about(mac, ip.is_host() ? ip : IpAddress{});
    emit.ip(Field::binding, ip);
  }
  emit.text(Field::message, is_answer ? "answer" : "inquiry");
}

}  // namespace

void sadp(const Packet& packet, Reader& reader, Emit& emit) {
  if (packet.is_ip()) return over_udp(as_text(reader.take_rest()), emit);
  over_ethernet(reader, emit);
}

}  // namespace tapwarden::protocols
