// SPDX-License-Identifier: Apache-2.0
// No capture of DVRIP was at hand: these messages are made up from public descriptions of the
// format.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets info(std::string_view mac, std::string_view model, std::string_view address = "c000026c") {
  Octets size{static_cast<uint8_t>(mac.size() + model.size())};
  return hex("b300") + size + hex("00 58000000 00000000 00000000 02000000") + Octets(20) +
         text("IPC") + Octets(13) + hex(address) + hex("ffffff00 c00002fe 00000000") + Octets(48) +
         text(mac) + text(model);
}
const Octets answer = info("3c:ef:8c:00:53:0a", "IPC-HDW4431C-A");

Octets object(std::string_view json, size_t size) {
  return hex("f6000000") +
         Octets{static_cast<uint8_t>(size), static_cast<uint8_t>(size >> 8), 0, 0} + Octets(24) +
         text(json);
}
Octets object(std::string_view json) { return object(json, json.size()); }

Dissected dvrip(const Octets& octets, const Packet& packet = ip_packet(5050, 5050)) {
  return dissect(Protocol::dvrip, packet, octets);
}
Octets head(std::string_view kind) { return hex(kind) + Octets(30); }

}  // namespace

TEST_CASE("DVRIP answer: every fact is about the device that it names") {
  Dissected said = dvrip(answer);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "device_info");
  CHECK(said.one(Field::device_mac) == "3c:ef:8c:00:53:0a");
  CHECK(said.one(Field::binding) == "192.0.2.108");
  CHECK(said.one(Field::device_class) == "IPC");
  CHECK(said.one(Field::model) == "IPC-HDW4431C-A");
  CHECK(said.said.size() == 5);
  for (const Said& one : said.said) {
    CHECK(to_string(one.mac) == "3c:ef:8c:00:53:0a");
    CHECK(to_string(one.ip) == "192.0.2.108");
  }
}

TEST_CASE("DVRIP answer without addresses that can be ones") {
  Dissected said = dvrip(info("ff:ff:ff:ff:ff:ff", "", "00000000"));
  CHECK(said.said.size() == 2);
  CHECK(to_string(said.said[0].mac) == "00:00:5e:00:53:01");
  CHECK(dvrip(info("", "")).malformed);
}

TEST_CASE("DVRIP search and login only say who is there") {
  CHECK(dvrip(head("a301")).one(Field::message) == "search");
  CHECK(dvrip(head("a301")).said.size() == 1);
  for (std::string_view kind : {"a000", "a001", "a005"}) {
    CHECK(dvrip(head(kind), ip_packet(50000, 37777)).one(Field::message) == "login");
    CHECK(dvrip(head(kind), ip_packet(37777, 50000)).said.empty());
  }
  CHECK(dvrip(head("b000"), ip_packet(37777, 50000)).one(Field::message) == "login_answer");
  CHECK(dvrip(head("b000"), ip_packet(50000, 37777)).said.empty());
}

TEST_CASE("DVRIP call and its answer") {
  Octets message = object(
      R"({"id":2,"params":{"sn":"1F0PAX1","Vendor":"Dahua","version":{"Version":"2.8"}},"result":true})");
  Dissected said = dvrip(message, ip_packet(37777, 50000));
  CHECK_FALSE(said.malformed);
  CHECK(said.all(Field::message) == std::vector<std::string>{"answer", "told"});
  CHECK(said.one(Field::serial) == "1F0PAX1");
  CHECK(said.one(Field::vendor) == "Dahua");
  CHECK(said.one(Field::software_version) == "2.8");
  CHECK(said.said.size() == 5);
  CHECK(dvrip(object(R"({"result":true})"), ip_packet(37777, 50000)).one(Field::message) ==
        "answer");
  said = dvrip(message, ip_packet(50000, 37777));
  CHECK(said.one(Field::message) == "call");
  CHECK(said.said.size() == 1);
  CHECK(dvrip(object("{]"), ip_packet(37777, 50000)).malformed);
  CHECK_FALSE(dvrip(object("{\"a\":", 60000), ip_packet(37777, 50000)).malformed);
  CHECK_FALSE(dvrip(object(""), ip_packet(37777, 50000)).malformed);
}

TEST_CASE("DVRIP session: what is told behind the answer to the login") {
  Octets login = hex("b0000068 04000000") + Octets(24) + text("abcd");
  Octets told = object(R"({"id":2,"params":{"sn":"1F0PAX1"},"result":true})");
  Dissected said = dvrip(login + told + told, ip_packet(37777, 50000));
  CHECK_FALSE(said.malformed);
  CHECK(said.all(Field::message) ==
        std::vector<std::string>{"login_answer", "answer", "told", "answer", "told"});
  CHECK(said.all(Field::serial) == std::vector<std::string>{"1F0PAX1", "1F0PAX1"});
  // The client's side is not read for facts, nor what comes behind octets that are no head.
  CHECK(dvrip(head("a001") + told, ip_packet(50000, 37777)).all(Field::message) ==
        std::vector<std::string>{"login", "call"});
  CHECK(dvrip(login + head("ffd8") + told, ip_packet(37777, 50000)).said.size() == 1);
  CHECK(dvrip(login + object("{]") + told, ip_packet(37777, 50000)).malformed);
  Octets many;
  for (int i = 0; i < 20; ++i) many = many + told;
  CHECK(dvrip(many, ip_packet(37777, 50000)).all(Field::serial).size() == 8);
  every_prefix(Protocol::dvrip, ip_packet(37777, 50000), login + told);
}

TEST_CASE("Other traffic on DVRIP's ports says nothing and is not malformed") {
  for (const Octets& other : {hex("a3"), hex("a301"), head("a302"), head("ffd8"), head("7b22")}) {
    CHECK(dvrip(other).said.empty());
    CHECK_FALSE(dvrip(other).malformed);
  }
}

TEST_CASE("DVRIP cut anywhere") {
  every_prefix(Protocol::dvrip, ip_packet(5050, 5050), answer);
  Octets call = object(R"({"params":{"sn":"1"}})");
  every_prefix(Protocol::dvrip, ip_packet(37777, 50000), call);
}
