// SPDX-License-Identifier: Apache-2.0
// Known ways to blame the wrong device, each with the good case beside it: those of who speaks, and
// for whom. The frames are made from the formats' descriptions.
#include "support/catch.hpp"
#include "support/flows.hpp"
#include "support/site.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Machine dell{"18:66:da:00:00:01", "10.1.0.1"};
const Machine hp{"94:57:a5:00:00:02", "10.1.0.2"};
const Machine brother{"3c:2a:f4:00:00:03", "10.1.0.3"};
const Machine gateway{"00:56:2b:00:00:04", "10.1.0.254"};  // Cisco

Octets dns_query(std::string_view name) {
  Octets labels;
  while (!name.empty()) {
    std::string_view label = name.substr(0, name.find('.'));
    name.remove_prefix(std::min(label.size() + 1, name.size()));
    labels = labels + Octets{static_cast<uint8_t>(label.size())} + text(label);
  }
  return hex("1234 0100 0001 0000 0000 0000") + labels + hex("00 0001 0001");
}

Octets client_hello(std::string_view name) {
  Octets entry = hex("00") + be16(name.size()) + text(name);
  Octets list = be16(entry.size()) + entry;
  Octets extension = hex("0000") + be16(list.size()) + list;
  Octets body =
      hex("0303") + Octets(32) + hex("00 0002 1301 01 00") + be16(extension.size()) + extension;
  Octets message = hex("01 00") + be16(body.size()) + body;
  return hex("160301") + be16(message.size()) + message;
}

std::string get(std::string_view user_agent, std::string_view host = "example.net") {
  return "GET / HTTP/1.1\r\nHost: " + std::string(host) +
         "\r\nUser-Agent: " + std::string(user_agent) + "\r\n\r\n";
}

const Octets huawei_switch = hex("2b060104018f5b0217817d");  // 1.3.6.1.4.1.2011.2.23.253

Octets radius(uint8_t code, const Octets& attributes) {
  return Octets{code, 1} + be16(20 + attributes.size()) + Octets(16, 0xaa) + attributes;
}
const Octets huawei_attribute = hex("1a0c 000007db 1a06 00000001");

/// An SNMP v3 message of that PDU with an authoritative engine of Huawei's.
Octets snmp_v3(uint8_t pdu, uint8_t flags) {
  auto number = [](uint8_t value) { return ber(2, {value}); };
  auto octets = [](const Octets& value) { return ber(4, value); };
  Octets engine = hex("800007db03 00e0fc123456");
  Octets security = octets(ber(
      0x30, octets(engine) + number(1) + number(2) + octets(text("op")) + octets({}) + octets({})));
  Octets global = ber(0x30, number(7) + number(100) + octets({flags}) + number(3));
  Octets scoped = ber(0x30, octets(engine) + octets({}) +
                                ber(pdu, number(1) + number(0) + number(0) + ber(0x30, {})));
  return ber(0x30, number(3) + global + security + scoped);
}

Octets trap_v1(const Octets& agent) {
  return ber(0x30, ber(2, {0}) + ber(4, text("public")) +
                       ber(0xa4, ber(6, huawei_switch) + ber(0x40, agent) + ber(2, {6}) +
                                     ber(2, {1}) + ber(0x43, {1}) + ber(0x30, {})));
}

}  // namespace

TEST_CASE("Trap 5: the client of a cloud is not the cloud's device", "[traps]") {
  Site site;
  Machine resolver{gateway.mac, "10.1.0.254"};
  for (const char* name : {"dev.hik-connect.com", "www.easy4ipcloud.com", "www.huawei.com",
                           "obs.cn-north-4.myhuaweicloud.com", "support.zte.com.cn"}) {
    site.udp(dell, resolver, 50000, 53, dns_query(name));
  }
  Machine cloud{gateway.mac, "203.0.113.7"};
  site.tcp(dell, cloud, 50001, 443, client_hello("dev.hik-connect.com"));
  site.tcp(dell, cloud, 50002, 80, get("Hikplayer"));
  site.tcp(dell, cloud, 50003, 80, get("DMSS/5.2 (Android)"));
  site.tcp(hp, cloud, 50004, 80, get("HMSCore 6.11 (Samsung; SM-A536B; Android 13)"));
  site.tcp(hp, cloud, 50005, 80, get("Mozilla/5.0 (Windows NT 10.0)", "support.huawei.com"));
  CHECK(site.flagged() == Lines{});
  CHECK(site.verdict(dell.mac) == "none");
  CHECK(site.verdict(hp.mac) == "none");
  // Said by the far end for itself, somebody else's machine in a cloud: none of ours.
  site.tcp({gateway.mac, "203.0.113.7"}, dell, 80, 50002,
           "HTTP/1.1 200 OK\r\nServer: Hikvision-Webs\r\nContent-Length: 0\r\n\r\n", 50);
  CHECK(site.flagged() == Lines{});
  CHECK(site.find("203.0.113.7")->role == Role::remote);
  // The same of a host of the site.
  site.answer(brother, dell, "Server: Hikvision-Webs");
  CHECK(site.flagged() == Lines{"3c:2a:f4:00:00:03: hikvision probable 0.900"});
}

TEST_CASE("Trap 6: a banner is its speaker's, and a proxy's is another's", "[traps]") {
  Site site;
  site.answer(brother, dell, "Server: nginx\r\nVia: 1.1 cache");
  site.answer(hp, dell, "Server: Hikvision-Webs\r\nVia: 1.1 cache");
  site.tcp(dell, hp, 50000, 22, "SSH-2.0-HUAWEI-1.5\r\n");  // a client that calls itself so
  site.tcp(dell, hp, 50001, 80, "GET / HTTP/1.1\r\nHost: x\r\nServer: Hikvision-Webs\r\n\r\n");
  CHECK(site.verdict(hp.mac) == "none");
  CHECK(site.verdict(brother.mac) == "none");
  Lines flagged = site.flagged();
  for (const std::string& one : flagged) INFO(one);
  CHECK(site.verdict(hp.mac) == "none");
  // Who answers as a server is it, and its client is not.
  Site other;
  other.answer(hp, dell, "Server: Hikvision-Webs");
  other.tcp(brother, dell, 22, 50003, "SSH-2.0-HUAWEI-1.5\r\n");
  CHECK(other.flagged() == Lines{"3c:2a:f4:00:00:03: huawei probable 0.900",
                                 "94:57:a5:00:00:02: hikvision probable 0.900"});
  CHECK(other.devices() == 2);
}

TEST_CASE("Trap 7: a manager is not the agent that it asks", "[traps]") {
  Site site;
  // The answer comes back to the question's port: from the agent, about the agent.
  site.arp(hp);
  site.arp(dell);
  site.udp(dell, hp, 50000, 161, snmp_v3(0xa0, 4));
  CHECK(site.verdict(dell.mac) == "none");
  CHECK(site.flagged() == Lines{"94:57:a5:00:00:02: huawei confirmed 0.980"});

  Site asked;
  asked.arp(hp);
  asked.udp(brother, hp, 50000, 161,
            ber(0x30, ber(2, {1}) + ber(4, text("public")) +
                          ber(0xa3, ber(2, {1}) + ber(2, {0}) + ber(2, {0}) +
                                        ber(0x30, ber(0x30, ber(6, hex("2b06010201010100")) +
                                                                ber(4, text("Huawei AR651")))))));
  CHECK(asked.flagged() == Lines{});
  asked.udp(hp, brother, 161, 50000, snmp_answer("Huawei AR651", huawei_switch));
  CHECK(asked.flagged() == Lines{"94:57:a5:00:00:02: huawei probable 0.900"});

  // Of a notification the sender is the one that the engine is of.
  Site noticed;
  noticed.udp(hp, dell, 50000, 162, snmp_v3(0xa7, 0));
  CHECK(noticed.verdict(hp.mac) == "huawei confirmed 0.980");
  CHECK(noticed.flagged().size() == 1);
}

TEST_CASE("Trap 7: a relay of traps is not the agent that they are from", "[traps]") {
  Site site;
  site.udp(dell, hp, 50000, 162, trap_v1(hex("0a010063")));
  CHECK(site.verdict(dell.mac) == "none");
  CHECK(site.flagged() == Lines{"10.1.0.99: huawei probable 0.900"});
  Site direct;
  direct.udp(dell, hp, 50000, 162, trap_v1(hex("0a010001")));
  CHECK(direct.flagged() == Lines{"18:66:da:00:00:01: huawei probable 0.900"});
}

TEST_CASE("Trap 7: a RADIUS server speaks a maker's dialect for its clients", "[traps]") {
  Site site;
  site.udp(dell, hp, 1812, 40000, radius(2, huawei_attribute));   // accept
  site.udp(dell, hp, 1812, 40000, radius(11, huawei_attribute));  // challenge
  CHECK(site.flagged() == Lines{});
  CHECK(site.verdict(dell.mac) == "none");
  CHECK(site.verdict(hp.mac) == "no device");  // spoken to, and silent
  Machine unknown{"02:00:00:00:00:05", "10.1.0.5"};
  site.udp(unknown, dell, 40000, 1812, radius(1, huawei_attribute));
  CHECK(site.verdict(dell.mac) == "none");
  CHECK(site.verdict(unknown.mac).starts_with("huawei"));
}
