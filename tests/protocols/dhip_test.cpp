// SPDX-License-Identifier: Apache-2.0
// No capture of DHIP was at hand: these messages are made up from public descriptions of the
// format and from the names and shapes of values that they show.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const std::string notice =
    R"({ "mac" : "3c:ef:8c:00:53:0a", "method" : "client.notifyDevInfo", "params" : {
 "deviceInfo" : { "AlarmInputChannels" : 0, "DeviceClass" : "IPC", "DeviceType" : "IPC-HDW5421S",
 "HttpPort" : 80, "IPv4Address" : { "DefaultGateway" : "192.0.2.254", "DhcpEnable" : false,
 "IPAddress" : "192.0.2.108", "SubnetMask" : "255.255.255.0" },
 "IPv6Address" : { "DefaultGateway" : "", "IPAddress" : "2001:db8::2\/112",
 "LinkLocalAddress" : "fe80::1\/64" }, "MachineName" : "1F000000PAX00001",
 "Manufacturer" : "Private", "Port" : 37777, "SerialNo" : "1F000000PAX00001",
 "UnLoginFuncMask" : 1, "Vendor" : "Intelbras", "Version" : "2.400.0.8" } } })"
    "\n";

Octets u32le(size_t value) {
  return {static_cast<uint8_t>(value), static_cast<uint8_t>(value >> 8),
          static_cast<uint8_t>(value >> 16), static_cast<uint8_t>(value >> 24)};
}

Octets message(std::string_view json, size_t size) {
  return hex("20000000 44484950 00000000 00000000") + u32le(size) + hex("00000000") + u32le(size) +
         hex("00000000") + text(json);
}

Dissected dhip(const Octets& octets) {
  return dissect(Protocol::dhip, ip_packet(37810, 37810), octets);
}
Dissected dhip(std::string_view json) { return dhip(message(json, json.size())); }

std::string replaced(std::string document, std::string_view from, std::string_view to) {
  return document.replace(document.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("DHIP notice: every fact is about the device that it names") {
  Dissected said = dhip(notice);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "device_info");
  CHECK(said.one(Field::device_mac) == "3c:ef:8c:00:53:0a");
  CHECK(said.one(Field::binding) == "192.0.2.108");
  CHECK(said.one(Field::device_class) == "IPC");
  CHECK(said.one(Field::model) == "IPC-HDW5421S");
  CHECK(said.one(Field::serial) == "1F000000PAX00001");
  CHECK(said.one(Field::software_version) == "2.400.0.8");
  CHECK(said.one(Field::vendor) == "Intelbras");
  CHECK(said.one(Field::manufacturer) == "Private");
  CHECK(said.said.size() == 9);
  for (const Said& one : said.said) {
    CHECK(to_string(one.mac) == "3c:ef:8c:00:53:0a");
    CHECK(to_string(one.ip) == "192.0.2.108");
    CHECK(one.mac_is_own);
  }
}

TEST_CASE("DHIP notice with its MAC inside or at the end") {
  Dissected said = dhip(
      R"({"method":"client.notifyDevInfo","params":{"deviceInfo":
          {"SerialNo":"1","mac":"3c:ef:8c:00:53:0b"}}})");
  CHECK(said.one(Field::device_mac) == "3c:ef:8c:00:53:0b");
  CHECK(to_string(said.said[0].mac) == "3c:ef:8c:00:53:0b");
  CHECK(said.one(Field::serial) == "1");
  CHECK(said.said.size() == 3);

  said = dhip(
      R"({"params":{"deviceInfo":{"SerialNo":"1"}},"method":"client.notifyDevInfo",
          "mac":"3c:ef:8c:00:53:0b"})");
  CHECK(said.said.size() == 3);
  CHECK(to_string(said.said[2].mac) == "3c:ef:8c:00:53:0b");
}

TEST_CASE("DHIP notice without a MAC or an address that can be one") {
  Dissected said = dhip(replaced(notice, "3c:ef:8c:00:53:0a", ""));
  CHECK(said.said.size() == 8);
  CHECK(to_string(said.said[0].mac) == "00:00:5e:00:53:01");
  said = dhip(replaced(notice, "3c:ef:8c:00:53:0a", "ff:ff:ff:ff:ff:ff"));
  CHECK(to_string(said.said[0].mac) == "00:00:5e:00:53:01");
  said = dhip(replaced(notice, "192.0.2.108", "0.0.0.0"));
  CHECK(said.said.size() == 8);
  CHECK(said.one(Field::binding).empty());
  CHECK_FALSE(said.said[0].ip);
}

TEST_CASE("DHIP search only says that a tool is there") {
  Dissected said = dhip(R"({"method":"DHDiscover.search","params":{"mac":"","uni":1}})");
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "search");
  CHECK(said.said.size() == 1);
  said = dhip(R"({"mac":"3c:ef:8c:00:53:0a","method":"DHDiscover.search"})");
  CHECK(said.said.size() == 1);
  CHECK(to_string(said.said[0].mac) == "00:00:5e:00:53:01");
}

TEST_CASE("DHIP of other methods says nothing") {
  Dissected said = dhip(
      R"({"method":"global.login","params":{"deviceInfo":{"SerialNo":"1"}},"mac":"3c:ef:8c:00:53:0a"})");
  CHECK(said.said.empty());
  CHECK_FALSE(said.malformed);
  CHECK_FALSE(dhip("").malformed);
}

TEST_CASE("Other traffic on DHIP's port says nothing and is not malformed") {
  for (const Octets& other : {hex("ff"), text(notice), hex("20000000 444849"),
                              hex("20000001 44484950 0000"), hex("a3010001 00000000")}) {
    Dissected said = dhip(other);
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
}

TEST_CASE("DHIP reads what is there whatever its head says of the length") {
  for (size_t size : {size_t{0}, size_t{1}, notice.size() + 1, size_t{0xffffffff}}) {
    Dissected said = dhip(message(notice, size));
    CHECK(said.said.size() == 9);
    CHECK_FALSE(said.malformed);
  }
  CHECK(dhip(notice + std::string(7, '\0')).said.size() == 9);
}

TEST_CASE("DHIP values of another type than text are not believed") {
  Dissected said = dhip(replaced(notice, "\"Intelbras\"", "{\"x\":[1,null]}"));
  CHECK(said.said.size() == 8);
  said = dhip(replaced(notice, "\"Intelbras\"", "17"));
  CHECK(said.said.size() == 8);
}

TEST_CASE("DHIP facts before a fault stay") {
  Dissected said = dhip(replaced(notice, "\"Port\"", "Port"));
  CHECK(said.malformed);
  CHECK(said.one(Field::manufacturer) == "Private");
  CHECK(said.said.size() == 6);
  CHECK(to_string(said.said[0].mac) == "3c:ef:8c:00:53:0a");

  std::string nested = R"({"method":"client.notifyDevInfo","params":)";
  for (int i = 0; i < 1'000'000; ++i) nested += '[';
  said = dhip(nested);
  CHECK(said.malformed);
  CHECK(said.said.size() == 1);
  CHECK(dhip(" ").malformed);
}

TEST_CASE("DHIP that goes on in the next TCP segment is not malformed") {
  Packet packet = ip_packet(37777, 50000);
  packet.ip_protocol = 6;
  Octets whole = message(notice, notice.size());
  Octets first(whole.begin(), whole.end() - 60);
  Dissected said = dissect(Protocol::dhip, packet, first);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::manufacturer) == "Private");
  CHECK(dhip(first).malformed);
}

TEST_CASE("DHIP texts that are no text are cleaned") {
  Dissected said = dhip(replaced(notice, "Intelbras", "a\\u0000\\u001b[\xff\xc3\\u202e"));
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::vendor) == "a [\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("DHIP cut anywhere") {
  Octets whole = message(notice, notice.size());
  every_prefix(Protocol::dhip, ip_packet(37810, 37810), whole);
  for (size_t size = 8; size + 2 < whole.size(); ++size) {
    CHECK(dhip(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))).malformed);
  }
}
