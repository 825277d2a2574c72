// SPDX-License-Identifier: Apache-2.0
// Known ways to blame the wrong device, each with the good case beside it: those of MAC addresses.
// The frames are made from the formats' descriptions. The others are in speakers_test.cpp and
// names_test.cpp.
#include <algorithm>

#include "inventory/verdict.hpp"
#include "support/catch.hpp"
#include "support/site.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Machine dell{"18:66:da:00:00:01", "10.1.0.1"};
const Machine huawei{"00:e0:fc:00:00:02", "10.1.0.2"};

/// Broadcast discovery with a vendor class, as a client sends it.
void asks_by_dhcp(Site& site, const std::string& mac, std::string_view vendor_class) {
  site.udp({mac, "0.0.0.0"}, {"ff:ff:ff:ff:ff:ff", "255.255.255.255"}, 68, 67,
           dhcp_message(1, mac, hex("350101") + dhcp_option(60, text(vendor_class))));
}

Octets dhip_answer(std::string_view vendor) {
  std::string json =
      "{\"mac\":\"\",\"method\":\"client.notifyDevInfo\",\"params\":{\"deviceInfo\":{"
      "\"DeviceClass\":\"IPC\",\"DeviceType\":\"HC30W42R3\",\"Vendor\":\"" +
      std::string(vendor) + "\",\"Version\":\"2.800\"}}}";
  Octets size{static_cast<uint8_t>(json.size()), static_cast<uint8_t>(json.size() >> 8), 0, 0};
  return hex("2000000044484950 0000000000000000") + size + Octets(4) + size + Octets(4) +
         text(json);
}

}  // namespace

TEST_CASE("Trap 1: who made a part did not make the device", "[traps]") {
  struct Part {
    const char* mac;
    const char* claim;
  };
  const Part parts[] = {
      {"00:9b:08:00:00:01",
       "component Quectel Wireless Solutions Co.,Ltd. (quectel) 0.80 of "
       "00:9b:08:00:00:01"},
      {"00:e0:4c:00:00:02",
       "component REALTEK SEMICONDUCTOR CORP. (realtek) 0.80 of "
       "00:e0:4c:00:00:02"},
      {"24:0a:c4:00:00:03", "component Espressif Inc. (espressif) 0.80 of 24:0a:c4:00:00:03"},
      {"5c:5f:67:00:00:04", "component Intel Corporate (intel) 0.80 of 5c:5f:67:00:00:04"},
      // A stick for mobile data lends the computer that it is plugged into an address of its own.
      {"00:1e:10:1f:00:00",
       "component Huawei mobile broadband stick (huawei) 0.80 of "
       "00:1e:10:1f:00:00"},
      {"0c:5b:8f:27:9a:64",
       "component Huawei mobile broadband stick (huawei) 0.80 of "
       "0c:5b:8f:27:9a:64"},
  };
  Site site;
  for (const Part& part : parts) {
    asks_by_dhcp(site, part.mac, "MSFT 5.0");
    INFO(part.mac);
    CHECK(site.verdict(part.mac) == "none");
    CHECK(site.makers(part.mac) == Lines{part.claim});
  }
  CHECK(site.devices() == 6);
  CHECK(site.flagged() == Lines{});
  // The neighbours of the stick's addresses are Huawei's own.
  site.arp({"00:1e:10:1f:00:02", "10.1.0.9"});
  CHECK(site.flagged() == Lines{"00:1e:10:1f:00:02: huawei probable 0.800"});
}

TEST_CASE("Trap 1: a module's maker is no rival of the device's", "[traps]") {
  Site site;
  Machine camera{"5c:5f:67:00:00:05", "10.1.0.5"};
  site.udp(camera, {"01:00:5e:7f:ff:fb", "239.255.255.251"}, 37810, 37810, dhip_answer("Dahua"));
  CHECK(site.flagged() == Lines{"5c:5f:67:00:00:05: dahua probable 0.900"});
  CHECK(site.makers(camera.mac).front() ==
        "component Intel Corporate (intel) 0.80 of 5c:5f:67:00:00:05");
  CHECK(standings(*site.find(camera.mac), Aspect::platform).size() == 1);
}

TEST_CASE("Trap 2: an address that is nobody's names nobody", "[traps]") {
  Site site;
  for (const char* mac : {"02:e0:fc:00:00:01",     // random, though its other digits are Huawei's
                          "46:19:b6:00:00:01",     // likewise Hikvision's
                          "00:50:56:00:00:01",     // a guest of VMware
                          "52:54:00:00:00:01",     // of QEMU
                          "02:42:ac:11:00:02",     // a container
                          "00:00:5e:00:01:07",     // VRRP, CARP
                          "00:00:0c:07:ac:01",     // HSRP
                          "00:00:0c:9f:f0:01",     // HSRP version 2
                          "00:07:b4:00:01:01"}) {  // GLBP
    site.arp({mac, "10.1.0.7"});
    INFO(mac);
    CHECK(site.find(mac) != nullptr);
    CHECK(site.verdict(mac) == "none");
  }
  CHECK(site.devices() == 9);
  CHECK(site.flagged() == Lines{});
  // A company id is local in form, and yet somebody's.
  site.arp({"3a:72:c2:00:00:01", "10.1.0.8"});
  site.arp(huawei);
  CHECK(site.flagged() == Lines{"00:e0:fc:00:00:02: huawei probable 0.800",
                                "3a:72:c2:00:00:01: huawei probable 0.800"});
}

TEST_CASE("Trap 3: beyond a router every packet bears the router's address", "[traps]") {
  Site site;
  for (int i = 1; i <= 20; ++i) {
    Machine behind{huawei.mac, "10.2.0." + std::to_string(i)};
    site.udp(behind, dell, 40000, 9, text("x"), 63);
  }
  CHECK(site.flagged() == Lines{"00:e0:fc:00:00:02: huawei probable 0.800"});
  CHECK(site.find(huawei.mac)->role == Role::router);
  for (int i = 1; i <= 20; ++i) CHECK(site.verdict("10.2.0." + std::to_string(i)) == "none");
  CHECK(site.devices() == 21);  // who is only spoken to has not shown itself

  // A relay asks for another: the client's address crosses the router.
  site.udp({dell.mac, "10.1.0.1"}, {huawei.mac, "10.1.0.2"}, 67, 67,
           dhcp_message(1, "44:19:b6:00:00:77", hex("350101") + dhcp_option(60, text("udhcp"))));
  // So does the one in an IPv6 address, of a host behind somebody else's router.
  Machine camera{"00:56:2b:00:00:99", "fd00::4619:b6ff:fe00:88"};
  site.tcp(camera, {dell.mac, "fd00:1::1"}, 40000, 9999, "x", 63);
  Lines flagged = site.flagged();
  REQUIRE(flagged.size() == 3);
  CHECK(flagged[2] == "fd00::4619:b6ff:fe00:88: hikvision probable 0.800");
  CHECK(flagged[1] == "44:19:b6:00:00:77: hikvision probable 0.800");
  CHECK(site.verdict("00:56:2b:00:00:99") == "none");
}

TEST_CASE("Trap 3: the one who answers ARP for others is a router", "[traps]") {
  Site site;
  for (int i = 1; i <= 4; ++i) site.arp({huawei.mac, "10.1.0.10" + std::to_string(i)});
  for (int i = 1; i <= 4; ++i) {
    Machine behind{huawei.mac, "10.1.0.10" + std::to_string(i)};
    site.tcp(behind, dell, 40000, 9999, "x", 63);
  }
  CHECK(site.find(huawei.mac)->role == Role::router);
  CHECK(site.flagged() == Lines{"00:e0:fc:00:00:02: huawei probable 0.800"});
  for (int i = 1; i <= 4; ++i) CHECK(site.verdict("10.1.0.10" + std::to_string(i)) == "none");
}

TEST_CASE("Trap 12: a brand's own address does not say who built the device", "[traps]") {
  struct Brand {
    const char* mac;
    const char* name;
  };
  const Brand brands[] = {{"00:1f:54:00:00:01", "Lorex"},
                          {"00:1a:3f:00:00:02", "Intelbras"},
                          {"00:40:7f:00:00:03", "FLIR"},
                          {"00:04:63:00:00:04", "Bosch Security"},
                          {"00:1f:55:00:00:05", "Honeywell"},
                          {"4c:36:4e:00:00:06", "Panasonic"},
                          {"0c:6a:e6:00:00:07", "Stanley Security"},
                          {"bc:51:fe:00:00:08", "Swann"},
                          {"14:2f:fd:00:00:09", "LTS"}};
  Site site;
  for (const Brand& brand : brands) {
    site.arp({brand.mac, "10.1.0.2" + std::string(1, std::string(brand.mac).back())});
    INFO(brand.mac);
    CHECK(site.makers(brand.mac).front() ==
          "brand " + std::string(brand.name) + " () 0.80 of " + brand.mac);
    CHECK(site.verdict(brand.mac) == "none");
  }
  CHECK(site.flagged() == Lines{});
  // What it speaks does.
  site.udp({"00:40:7f:00:00:03", "10.1.0.23"}, {"01:00:5e:7f:ff:fb", "239.255.255.251"}, 37810,
           37810, dhip_answer("FLIR"));
  CHECK(site.flagged().size() == 1);
  CHECK(sold_as(*site.find("00:40:7f:00:00:03")) == "FLIR");
}

TEST_CASE("Trap 13: what an operator buys bears his name and another's prefix", "[traps]") {
  auto inform = [](std::string_view manufacturer, std::string_view oui) {
    std::string body =
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" "
        "xmlns:cwmp=\"urn:dslforum-org:cwmp-1-0\"><SOAP-ENV:Body><cwmp:Inform><DeviceId>"
        "<Manufacturer>" +
        std::string(manufacturer) + "</Manufacturer><OUI>" + std::string(oui) +
        "</OUI><ProductClass>GX</ProductClass><SerialNumber>1234567890AB</SerialNumber>"
        "</DeviceId></cwmp:Inform></SOAP-ENV:Body></SOAP-ENV:Envelope>";
    return "POST /acs HTTP/1.1\r\nHost: acs\r\nContent-Type: text/xml\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  Site site;
  Machine router{"18:66:da:00:00:31", "10.1.0.31"};
  site.tcp(router, dell, 50000, 7547, inform("Intelbras", "202BC1"));
  CHECK(site.flagged() == Lines{});
  CHECK(site.verdict(router.mac) == "none");
  Lines makers = site.makers(router.mac);
  CHECK(std::ranges::count_if(makers, [](const std::string& one) {
          return one.starts_with("brand Intelbras");
        }) == 1);
  // A block of China Mobile is on what many makers build for it.
  site.arp({"00:cf:c0:00:00:32", "10.1.0.32"});
  CHECK(site.makers("00:cf:c0:00:00:32") ==
        Lines{"brand China Mobile (china-mobile) 0.80 of 00:cf:c0:00:00:32"});
  CHECK(site.flagged() == Lines{"00:cf:c0:00:00:32: none"});  // as sold by China Mobile
  Machine own{"00:56:2b:00:00:33", "10.1.0.33"};
  site.tcp(own, dell, 50001, 7547, inform("Huawei Technologies Co., Ltd", "00E0FC"));
  CHECK(site.flagged() ==
        Lines{"00:56:2b:00:00:33: huawei probable 0.920", "00:cf:c0:00:00:32: none"});
}
