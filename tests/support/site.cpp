// SPDX-License-Identifier: Apache-2.0
#include "support/site.hpp"

#include <algorithm>
#include <stdexcept>

#include "support/flows.hpp"

namespace tapwarden::test {

namespace {

struct Shipped {
  Shipped() {
    Diagnostics diagnostics;
    knowledge = Knowledge::load(rules_directory(), {}, diagnostics);
    std::vector<std::filesystem::path> directories{rules_directory() / "policies"};
    policies = Policies::load(directories, knowledge.suppliers, diagnostics);
    if (!diagnostics.empty()) throw std::runtime_error(diagnostics.all()[0].text());
  }
  Knowledge knowledge;
  Policies policies;
};

Shipped& shipped() {
  static Shipped shipped;
  return shipped;
}

Octets mac_octets(std::string_view text) {
  Mac mac = parse_mac(text).value();
  return {mac.octets.begin(), mac.octets.end()};
}
Octets ip_octets(std::string_view text) {
  IpAddress ip = IpAddress::parse(text).value();
  return {ip.octets().begin(), ip.octets().end()};
}

Octets packet(const Machine& from, const Machine& to, uint8_t protocol, const Octets& body,
              uint8_t hop_limit) {
  Octets head = mac_octets(to.mac) + mac_octets(from.mac);
  if (IpAddress::parse(from.ip).value().is_v6())
    return head + hex("86dd 60000000") + be16(body.size()) + Octets{protocol, hop_limit} +
           ip_octets(from.ip) + ip_octets(to.ip) + body;
  return head + hex("0800 4500") + be16(20 + body.size()) + hex("00070000") +
         Octets{hop_limit, protocol} + hex("0000") + ip_octets(from.ip) + ip_octets(to.ip) + body;
}

}  // namespace

Octets ber(uint8_t tag, const Octets& contents) {
  Octets head{tag};
  size_t size = contents.size();
  if (size >= 256) head.insert(head.end(), {0x82, static_cast<uint8_t>(size >> 8)});
  if (size >= 128 && size < 256) head.push_back(0x81);
  head.push_back(static_cast<uint8_t>(size));
  return head + contents;
}

Octets snmp_answer(std::string_view description, const Octets& object_id) {
  auto bound = [](std::string_view name, const Octets& value) {
    return ber(0x30, ber(6, hex(name)) + value);
  };
  Octets values;
  if (!description.empty()) values = bound("2b06010201010100", ber(4, text(description)));
  if (!object_id.empty()) values = values + bound("2b06010201010200", ber(6, object_id));
  auto number = [](uint8_t value) { return ber(2, {value}); };
  return ber(0x30, number(1) + ber(4, text("public")) +
                       ber(0xa2, number(1) + number(0) + number(0) + ber(0x30, values)));
}

Octets dhcp_option(uint8_t code, const Octets& value) {
  return Octets{code, static_cast<uint8_t>(value.size())} + value;
}

Octets dhcp_message(uint8_t operation, std::string_view chaddr, const Octets& options) {
  return Octets{operation, 1, 6, 0} + hex("0000a5a5 0000 0000") + Octets(16) + mac_octets(chaddr) +
         Octets(10 + 64 + 128) + hex("63825363") + options + hex("ff");
}

Site::Site(Date as_of) {
  shipped().knowledge.as_of = as_of;
  alerts_ = std::make_unique<Alerts>(shipped().policies, JudgeSettings{.as_of = as_of},
                                     AlertSettings{}, Standpoint{{"tap"}},
                                     [](const Alert&, const AlertEvent&, const Device*) {});
  inventory_ = std::make_unique<Inventory>(shipped().knowledge, InventoryLimits{}, networks_,
                                           std::vector<std::string>{"tap"},
                                           [this](Device& device) { alerts_->judge(device); });
  NoveltySettings novelty;
  novelty.entries = 4096;
  worker_ = std::make_unique<Worker>(
      all_protocols(), novelty,
      [](void* self, const Observation& said) {
        static_cast<Site*>(self)->inventory_->observe(said);
      },
      this);
}

void Site::frame(const Octets& octets, int link_type) {
  Octets exact(octets);
  exact.shrink_to_fit();
  Frame frame;
  frame.bytes = Bytes(exact);
  frame.wire_size = static_cast<uint32_t>(exact.size());
  frame.link_type = link_type;
  frame.number = ++number_;
  frame.time = at(static_cast<int64_t>(number_));
  (*worker_)(frame);
}

void Site::link(const Machine& from, std::string_view target, uint16_t type, const Octets& body) {
  frame(mac_octets(target) + mac_octets(from.mac) + be16(type < 1536 ? body.size() : type) + body);
}

void Site::arp(const Machine& machine) {
  link(machine, "ff:ff:ff:ff:ff:ff", 0x0806,
       hex("0001 0800 0604 0001") + mac_octets(machine.mac) + ip_octets(machine.ip) + Octets(6) +
           ip_octets(machine.ip));
}

void Site::udp(const Machine& from, const Machine& to, uint16_t source, uint16_t target,
               const Octets& payload, uint8_t hop_limit) {
  frame(packet(from, to, 17, test::udp(source, target, payload), hop_limit));
}

void Site::tcp(const Machine& from, const Machine& to, uint16_t source, uint16_t target,
               const Octets& payload, uint8_t hop_limit) {
  uint8_t opening = source < target ? 0x12 : 0x02;
  frame(packet(from, to, 6, test::tcp(99, opening, {}, source, target), hop_limit));
  frame(packet(from, to, 6, test::tcp(100, 0x18, payload, source, target), hop_limit));
}

void Site::answer(const Machine& server, const Machine& client, std::string_view head) {
  tcp(server, client, 80, static_cast<uint16_t>(50000 + number_),
      "HTTP/1.1 200 OK\r\n" + std::string(head) + "\r\nContent-Length: 0\r\n\r\n");
}

void Site::finish() { worker_->finish(); }

Lines Site::flagged() {
  finish();
  Lines lines;
  inventory_->each([&](const Device& device) {
    if (device.is_flagged) lines.push_back(key_text(device) + ": " + verdict_text(device));
  });
  std::ranges::sort(lines);
  return lines;
}

const Device* Site::find(std::string_view key) {
  finish();
  const Device* found = nullptr;
  inventory_->each([&](const Device& device) {
    if (key_text(device) == key) found = &device;
  });
  return found;
}

std::string Site::verdict(std::string_view key) {
  const Device* device = find(key);
  return device == nullptr ? "no device" : verdict_text(*device);
}

Lines Site::makers(std::string_view key) {
  const Device* device = find(key);
  if (device == nullptr) return {"no device"};
  Lines lines;
  Lines all = claims(*device);
  for (size_t i = 0; i < all.size(); ++i) {
    switch (device->evidence[i].claim.aspect) {
      case Aspect::platform:
      case Aspect::brand:
      case Aspect::component:
      case Aspect::client:
      case Aspect::former:
        lines.push_back(all[i]);
        break;
      default:
        break;
    }
  }
  return lines;
}

}  // namespace tapwarden::test
