// SPDX-License-Identifier: Apache-2.0
// Known ways to blame the wrong device, each with the good case beside it: those of names, numbers
// and owners. The frames are made from the formats' descriptions.
#include "support/catch.hpp"
#include "support/flows.hpp"
#include "support/site.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Machine dell{"18:66:da:00:00:01", "10.1.0.1"};
const Machine unknown{"02:00:00:00:00:02", "10.1.0.2"};  // no registrant to help or hinder

const char* const everyone = "ff:ff:ff:ff:ff:ff";

/// Contents of the object identifier 1.3.6.1.4.1.<number>.1.
Octets enterprise(uint32_t number) {
  Octets arc{static_cast<uint8_t>(number & 0x7f)};
  for (number >>= 7; number != 0; number >>= 7)
    arc.insert(arc.begin(), static_cast<uint8_t>(number | 0x80));
  return hex("2b06010401") + arc + hex("01");
}

void comware_ssh(Site& site, const Machine& machine) {
  site.tcp(machine, dell, 22, 50000, "SSH-2.0-Comware-7.1.070\r\n");
}
void comware_syslog(Site& site, const Machine& machine) {
  site.udp(machine, dell, 514, 514,
           text("<189>Jan  1 00:00:00 2026 sw %%10SHELL/5/SHELL_LOGIN: admin logged in"));
}
void shared_number(Site& site, const Machine& machine) {
  site.udp(machine, dell, 161, 50001, snmp_answer("", enterprise(25506)));
}
void hgmp_hello(Site& site, const Machine& machine) {
  site.link(machine, "01:80:c2:00:00:0a", 0x88a7, hex("0002 0104 ffff"));
}

Lines sold(Date day) {
  Site site(day);
  site.arp({"00:a3:07:00:00:01", "10.1.0.31"});  // Honor
  site.arp({"44:1a:4c:00:00:02", "10.1.0.32"});  // xFusion
  site.arp({"e8:ff:1e:40:00:03", "10.1.0.33"});  // HMN
  site.arp({"00:1f:54:00:00:04", "10.1.0.34"});  // Lorex
  site.arp({"00:1e:96:00:00:05", "10.1.0.35"});  // Sepura
  site.arp({"00:04:18:00:00:06", "10.1.0.36"});  // Teltronic
  site.arp({"70:b3:d5:0a:e0:07", "10.1.0.37"});  // Norsat
  return site.flagged();
}

}  // namespace

TEST_CASE("Trap 4: H3C and HPE share a system, a number and a protocol", "[traps]") {
  using Sign = void (*)(Site&, const Machine&);
  for (Sign sign : {comware_ssh, comware_syslog, shared_number, hgmp_hello}) {
    Site site;
    sign(site, unknown);
    CHECK(site.flagged() == Lines{});
    const Device* device = site.find(unknown.mac);
    REQUIRE(device);
    CHECK((!device->verdict || device->verdict->grade == Grade::possible));
  }
  Site all;
  Machine hpe{"94:57:a5:00:00:09", "10.1.0.9"};
  for (const Machine& machine : {unknown, hpe}) {
    for (Sign sign : {comware_ssh, comware_syslog, shared_number, hgmp_hello}) sign(all, machine);
  }
  CHECK(all.flagged() == Lines{});
  CHECK(all.verdict(unknown.mac) == "h3c possible 0.488");
  CHECK(all.verdict(hpe.mac) == "none");
  // What names it does not: an HPE switch says so in the same words.
  all.udp(
      hpe, dell, 161, 50002,
      snmp_answer("HPE Comware Platform Software, Software Version 7.1.070", enterprise(25506)));
  CHECK(all.verdict(hpe.mac) == "none");
  all.udp(
      unknown, dell, 161, 50003,
      snmp_answer("H3C Comware Platform Software, Software Version 7.1.070", enterprise(25506)));
  CHECK(all.verdict(unknown.mac) == "h3c probable 0.936");
  Site prefix;
  Machine h3c{"00:23:89:00:00:03", "10.1.0.3"};
  prefix.arp(h3c);
  CHECK(prefix.verdict(h3c.mac) == "h3c probable 0.800");
}

TEST_CASE("Trap 8: arcs that their users do not own, and defaults", "[traps]") {
  for (uint32_t number : {2021u, 8072u, 16972u, 17409u, 26381u}) {
    Site site;
    site.udp(unknown, dell, 161, 50000, snmp_answer("", enterprise(number)));
    INFO(number);
    CHECK(site.verdict(unknown.mac) == "none");
    CHECK(site.makers(unknown.mac) == Lines{});
    CHECK(site.flagged() == Lines{});
  }
  // A squatted arc is a hint, which convinces nobody alone.
  Site hints;
  Machine other{"02:00:00:00:00:03", "10.1.0.3"};
  hints.udp(unknown, dell, 161, 50000, snmp_answer("", enterprise(1004849)));
  hints.udp(other, dell, 161, 50000, snmp_answer("", enterprise(50001)));
  CHECK(hints.verdict(unknown.mac) == "dahua possible 0.500");
  CHECK(hints.verdict(other.mac) == "hikvision possible 0.500");
  CHECK(hints.flagged() == Lines{});
  // One of its own convinces.
  Site owned;
  owned.udp(unknown, dell, 161, 50000, snmp_answer("", enterprise(39165)));
  CHECK(owned.flagged() == Lines{"02:00:00:00:00:02: hikvision probable 0.900"});
}

TEST_CASE("Trap 9: a DHCP client's own name says nothing of the maker", "[traps]") {
  Site site;
  int number = 1;
  auto asks = [&](std::string_view vendor_class) {
    std::string mac = "02:00:00:00:09:0" + std::to_string(number++);
    site.udp({mac, "0.0.0.0"}, {everyone, "255.255.255.255"}, 68, 67,
             dhcp_message(1, mac, hex("350101") + dhcp_option(60, text(vendor_class))));
    return mac;
  };
  for (const char* plain : {"udhcp 1.19.4", "dhcpcd-6.8.2", "android-dhcp-13", "MSFT 5.0",
                            "dhcpcd-9.4.1:Linux-5.10:armv7l:Freescale"}) {
    INFO(plain);
    std::string mac = asks(plain);
    CHECK(site.verdict(mac) == "none");
  }
  CHECK(site.flagged() == Lines{});
  std::string phone = asks("HUAWEI:android:ELE");
  CHECK(site.flagged() == Lines{phone + ": huawei probable 0.900"});
}

TEST_CASE("Trap 10: what was sold is its former owner's no more", "[traps]") {
  CHECK(sold(std::chrono::year(2026) / 9 / 15) == Lines{"70:b3:d5:0a:e0:07: hytera probable 0.800",
                                                        // On a list of its own.
                                                        "e8:ff:1e:40:00:03: hmn probable 0.800"});
  // The day before each sale, and the day of it.
  auto holds = [](int year, unsigned month, unsigned day, std::string_view line) {
    Lines flagged = sold(std::chrono::year(year) / month / day);
    return std::ranges::find(flagged, line) != flagged.end();
  };
  CHECK(holds(2020, 11, 16, "00:a3:07:00:00:01: huawei probable 0.800"));
  CHECK_FALSE(holds(2020, 11, 17, "00:a3:07:00:00:01: huawei probable 0.800"));
  CHECK(holds(2021, 12, 30, "44:1a:4c:00:00:02: huawei probable 0.800"));
  CHECK_FALSE(holds(2021, 12, 31, "44:1a:4c:00:00:02: huawei probable 0.800"));
  CHECK(holds(2020, 12, 30, "e8:ff:1e:40:00:03: huawei probable 0.800"));
  CHECK_FALSE(holds(2020, 12, 31, "e8:ff:1e:40:00:03: huawei probable 0.800"));
  CHECK(holds(2023, 2, 27, "00:1f:54:00:00:04: dahua probable 0.800"));
  CHECK_FALSE(holds(2023, 2, 28, "00:1f:54:00:00:04: dahua probable 0.800"));
  CHECK(holds(2022, 7, 13, "00:1e:96:00:00:05: hytera probable 0.800"));
  CHECK_FALSE(holds(2022, 7, 14, "00:1e:96:00:00:05: hytera probable 0.800"));
  CHECK(holds(2025, 7, 21, "00:04:18:00:00:06: hytera probable 0.800"));
  CHECK_FALSE(holds(2025, 7, 22, "00:04:18:00:00:06: hytera probable 0.800"));
  // And the laws of 2018 meet no firm before it was bought.
  CHECK_FALSE(holds(2018, 2, 5, "00:1f:54:00:00:04: dahua probable 0.800"));
}

TEST_CASE("Trap 10: a firm that was sold is said to have been its owner's", "[traps]") {
  Site site;
  site.arp({"00:a3:07:00:00:01", "10.1.0.31"});
  site.arp({"00:1e:96:00:00:05", "10.1.0.35"});
  CHECK(site.flagged() == Lines{});
  CHECK(site.verdict("00:a3:07:00:00:01") == "honor probable 0.800");
  CHECK(site.makers("00:a3:07:00:00:01") ==
        Lines{"platform Honor Device Co., Ltd. (honor) 0.80 of 00:a3:07:00:00:01",
              "former Honor was part of Huawei until 2020-11-17 () 0.80 of 00:a3:07:00:00:01"});
  CHECK(site.verdict("00:1e:96:00:00:05") == "none");
  CHECK(site.makers("00:1e:96:00:00:05") ==
        Lines{"brand Sepura () 0.80 of 00:1e:96:00:00:05",
              "former Sepura was part of Hytera until 2022-07-14 () 0.80 of 00:1e:96:00:00:05"});
  Site before(std::chrono::year(2020) / 11 / 16);
  before.arp({"00:a3:07:00:00:01", "10.1.0.31"});
  CHECK(before.makers("00:a3:07:00:00:01") ==
        Lines{"platform Honor Device Co., Ltd. (huawei) 0.80 of 00:a3:07:00:00:01",
              "brand Honor () 0.80 of 00:a3:07:00:00:01"});
}

TEST_CASE("Trap 11: a maker's name inside another's word", "[traps]") {
  Site site;
  for (const char* mac : {"78:66:ae:00:00:01",     // ZTEC Instruments
                          "f4:1a:79:70:00:02",     // Avedis Zildjian
                          "00:08:c4:00:00:03",     // Hikari
                          "40:2c:76:10:00:04",     // Shanghai Dahua Scale Factory
                          "54:02:37:00:00:05",     // Teltronic AG
                          "00:01:d8:00:00:06",     // Teltronics
                          "00:4c:e5:00:00:07"}) {  // Sichuan Tianyi Comheart
    site.arp({mac, "10.1.0.40"});
    INFO(mac);
    CHECK(site.verdict(mac) == "none");
  }
  Machine liar = unknown;
  site.tcp(liar, dell, 22, 50000, "SSH-2.0-AZTECH_SSH\r\n");
  site.answer(liar, dell, "Server: hikari-httpd\r\nWWW-Authenticate: Basic realm=\"aztech\"");
  site.answer(liar, dell, "Server: prize-web\r\nWWW-Authenticate: Basic realm=\"Zildjian\"");
  site.udp(liar, dell, 161, 50001, snmp_answer("Linux huaweix-nms 5.10; monitors ZTE and Huawei"));
  CHECK(site.verdict(liar.mac) == "none");
  CHECK(site.flagged() == Lines{});
  site.tcp(liar, dell, 22, 50002, "SSH-2.0-ZTE_SSH.2.0\r\n");
  CHECK(site.flagged() == Lines{"02:00:00:00:00:02: zte probable 0.900"});
}

TEST_CASE("Trap 14: other people's collections are wrong in places", "[traps]") {
  Site site;
  site.tcp(unknown, dell, 22, 50000, "SSH-2.0-RebexSSH_5.0.7119.0\r\n");    // a library, not Ruijie
  site.udp(unknown, dell, 161, 50001, snmp_answer("", enterprise(26381)));  // lwIP, not Hytera
  CHECK(site.makers(unknown.mac) == Lines{});
  CHECK(site.flagged() == Lines{});
  site.tcp(unknown, dell, 22, 50002, "SSH-2.0-RGOS_SSH\r\n");
  CHECK(site.verdict(unknown.mac).starts_with("ruijie"));
}

TEST_CASE("Trap 15: what users name is no maker's word", "[traps]") {
  Site site;
  Machine router{"00:56:2b:00:00:21", "10.1.0.21"};
  // Host name, SNMP name, AC-Name: as somebody typed them.
  site.udp({dell.mac, "0.0.0.0"}, {everyone, "255.255.255.255"}, 68, 67,
           dhcp_message(1, dell.mac, hex("350101") + dhcp_option(12, text("HUAWEI_P30"))));
  site.link(router, dell.mac, 0x8863,
            hex("11070000 001a 0102000e") + text("Huawei-ME60-X8") + hex("01010000 0103 0000"));
  site.answer(dell, router, "WWW-Authenticate: Basic realm=\"Hikvision camera in the yard\"");
  CHECK(site.verdict(dell.mac) == "none");
  CHECK(site.verdict(router.mac) == "none");
  CHECK(site.flagged() == Lines{});
  // The name of a network is its owner's; what the access point says of itself counts.
  Site air;
  auto beacon = [](std::string_view mac, const Octets& elements) {
    Octets address;
    for (size_t i = 0; i < mac.size(); i += 3) address = address + hex(mac.substr(i, 2));
    return hex("80000000 ffffffffffff") + address + address + hex("0000") + Octets(8) +
           hex("64001104") + elements;
  };
  Octets named = hex("000b") + text("HUAWEI-12AB");
  Octets setup = hex("dd18 0050f204 104a0001 10 10210006") + text("Huawei") + hex("10440001 02");
  air.frame(beacon("18:66:da:00:00:41", named), 105);
  CHECK(air.verdict("18:66:da:00:00:41") == "none");
  CHECK(air.flagged() == Lines{});
  air.frame(beacon("18:66:da:00:00:42", named + setup), 105);
  CHECK(air.flagged() == Lines{"18:66:da:00:00:42: huawei probable 0.900"});

  // Realms of a shape that many firmwares share are hints.
  Site shapes;
  shapes.answer(unknown, dell, "WWW-Authenticate: Basic realm=\"IP Camera(12345)\"");
  Machine other{"02:00:00:00:00:03", "10.1.0.3"};
  shapes.answer(other, dell,
                "WWW-Authenticate: Digest realm=\"Login to 4d0d6ba0ef1c1a8e36a2bd4a1c7a1f9e\"");
  CHECK(shapes.flagged() == Lines{});
  CHECK(shapes.verdict(unknown.mac) == "hikvision possible 0.500");
  CHECK(shapes.verdict(other.mac) == "dahua possible 0.500");
}
