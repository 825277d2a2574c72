// SPDX-License-Identifier: Apache-2.0
// No capture of NetIP was at hand: these messages are made up from public descriptions of the
// format and the values that they show.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets message(unsigned kind, std::string_view json, size_t size) {
  auto low = [](size_t value) { return static_cast<uint8_t>(value); };
  return hex("ff010000 00000000 00000000 0000") +
         Octets{low(kind), low(kind >> 8), low(size), low(size >> 8), low(size >> 16), 0} +
         text(json);
}
Octets message(unsigned kind, std::string_view json) { return message(kind, json, json.size()); }

const std::string found =
    R"({ "NetWork.NetCommon" : { "BuildDate" : "2019-05-14", "ChannelNum" : 1, "DeviceType" : 1,
 "HostIP" : "0x400200C0", "HostName" : "LocalHost", "MAC" : "00:12:31:00:53:0a",
 "SN" : "ab12cd34ef560000", "Version" : "V5.00.R02.000559A7" }, "Ret" : 100 })"
    "\n";

Dissected xiongmai(const Octets& octets) {
  return dissect(Protocol::xiongmai, ip_packet(34569, 34569), octets);
}
std::string replaced(std::string document, std::string_view from, std::string_view to) {
  return document.replace(document.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("NetIP answer: every fact is about the device that it names") {
  Dissected said = xiongmai(message(1531, found));
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "answer");
  CHECK(said.one(Field::device_mac) == "00:12:31:00:53:0a");
  CHECK(said.one(Field::binding) == "192.0.2.64");
  CHECK(said.one(Field::device_name) == "LocalHost");
  CHECK(said.one(Field::serial) == "ab12cd34ef560000");
  CHECK(said.one(Field::software_version) == "V5.00.R02.000559A7");
  CHECK(said.one(Field::device_type) == "1");
  CHECK(said.said.size() == 7);
  for (const Said& one : said.said) CHECK(to_string(one.mac) == "00:12:31:00:53:0a");
}

TEST_CASE("NetIP answer without addresses that can be ones") {
  for (std::string_view ip :
       {"0x00000000", "0xFFFFFFFF", "400200C0", "0x", "0x1400200C0", "0x4x"}) {
    INFO(ip);
    CHECK(xiongmai(message(1531, replaced(found, "0x400200C0", ip))).one(Field::binding).empty());
  }
  Dissected said = xiongmai(message(1531, replaced(found, "00:12:31:00:53:0a", "")));
  CHECK(said.said.size() == 6);
  CHECK(to_string(said.said[0].mac) == "00:00:5e:00:53:01");
}

TEST_CASE("NetIP search and login only say who is there; logged in, a device tells more") {
  CHECK(xiongmai(message(1530, "")).one(Field::message) == "search");
  CHECK(xiongmai(message(1000, R"({"UserName":"admin","SN":"x"})")).said.size() == 1);
  Dissected said = xiongmai(message(1001, R"({"DeviceType ":"DVR","Ret":100})"));
  CHECK(said.one(Field::device_type) == "DVR");
  CHECK(said.said.size() == 2);
  said = xiongmai(message(
      1021,
      R"({"SystemInfo":{"HardWare":"50H20L","SerialNo":"ab12","SoftWareVersion":"V4.02"},"Ret":100})"));
  CHECK(said.one(Field::message) == "info");
  CHECK(said.one(Field::hardware_revision) == "50H20L");
  CHECK(said.one(Field::serial) == "ab12");
  CHECK(said.one(Field::software_version) == "V4.02");
  CHECK(said.said.size() == 4);
}

TEST_CASE("NetIP session: what is told behind the answer to the login") {
  Octets login = message(1001, R"({"DeviceType ":"DVR","Ret":100})");
  Octets info = message(1021, R"({"SystemInfo":{"SerialNo":"ab12"},"Ret":100})");
  Octets other = message(1043, R"({"SystemInfo":{"SerialNo":"no"}})");
  Dissected said = xiongmai(login + other + info);
  CHECK_FALSE(said.malformed);
  CHECK(said.all(Field::message) == std::vector<std::string>{"login_answer", "info"});
  CHECK(said.one(Field::serial) == "ab12");
  CHECK(said.said.size() == 4);
  CHECK(xiongmai(login + hex("fe010000") + Octets(16) + info).said.size() == 2);
  Octets many;
  for (int i = 0; i < 20; ++i) many = many + info;
  CHECK(xiongmai(many).all(Field::serial).size() == 8);
  every_prefix(Protocol::xiongmai, ip_packet(34567, 50000), login + other + info);
}

TEST_CASE("NetIP of other kinds, and other traffic on its ports") {
  for (const Octets& other :
       {message(1412, "{"), hex("ff"), hex("ff020000 0000"), hex("fe010000") + Octets(16),
        hex("ff01ff00") + Octets(16), text("GET / HTTP/1.1\r\n\r\n")}) {
    CHECK(xiongmai(other).said.empty());
  }
  CHECK_FALSE(xiongmai(text("GET / HTTP/1.1\r\n\r\n")).malformed);
}

TEST_CASE("NetIP lengths and faults") {
  CHECK(xiongmai(message(1531, "{]")).malformed);
  CHECK(xiongmai(message(1531, "{]")).one(Field::message) == "answer");
  CHECK_FALSE(xiongmai(message(1531, found, 60000)).malformed);
  CHECK(xiongmai(message(1531, found, 60000)).said.size() == 7);
  CHECK(xiongmai(message(1531, found, 0)).said.size() == 1);
  CHECK_FALSE(xiongmai(message(1531, found + '\0')).malformed);
}

TEST_CASE("NetIP cut anywhere") {
  every_prefix(Protocol::xiongmai, ip_packet(34569, 34569), message(1531, found));
}
