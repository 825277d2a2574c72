// SPDX-License-Identifier: Apache-2.0
// No capture of the protocol was at hand: these messages are made up from public descriptions of
// the format and the values that they show.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets message(std::string_view json, size_t size) {
  return hex("02000001") + Octets{static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)} +
         hex("1100 00000001 a1b2c3d4") + text(json);
}
Octets message(std::string_view json) { return message(json, json.size()); }

const std::string plug =
    R"j({"result":{"device_id":"ab12","device_type":"SMART.TAPOPLUG","device_model":"P100(EU)",
"ip":"192.0.2.1","mac":"50-C7-BF-00-53-0A","fw_ver":"1.3.7","hw_ver":"1.0",
"mgt_encrypt_schm":{"encrypt_type":"KLAP"}},"error_code":0})j";

Dissected tdp(const Octets& octets) {
  return dissect(Protocol::tdp, ip_packet(20002, 50000), octets);
}

}  // namespace

TEST_CASE("TDP answer: every fact is about the device that it names") {
  Dissected said = tdp(message(plug));
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "answer");
  CHECK(said.one(Field::device_mac) == "50:c7:bf:00:53:0a");
  CHECK(said.one(Field::binding) == "192.0.2.1");
  CHECK(said.one(Field::device_type) == "SMART.TAPOPLUG");
  CHECK(said.one(Field::model) == "P100(EU)");
  CHECK(said.one(Field::device_id) == "ab12");
  CHECK(said.one(Field::software_version) == "1.3.7");
  CHECK(said.one(Field::hardware_revision) == "1.0");
  CHECK(said.said.size() == 8);
  for (const Said& one : said.said) CHECK(to_string(one.mac) == "50:c7:bf:00:53:0a");
}

TEST_CASE("TDP binds only the address that the answer came from") {
  std::string other = plug;
  other.replace(other.find("192.0.2.1"), 9, "127.0.0.9");
  CHECK(tdp(message(other)).one(Field::binding).empty());
}

TEST_CASE("TDP inquiry, other objects, other traffic") {
  CHECK(tdp(message("")).one(Field::message) == "inquiry");
  CHECK(tdp(message("")).said.size() == 1);
  CHECK(tdp(message(R"({"params":{"rsa_key":"x","device_model":"x"}})")).said.empty());
  for (const Octets& other : {hex("01"), hex("01000001") + Octets(12), message(plug, 1),
                              message(plug, 0xffff), text("xxxxxxxxxxxxxxxxxxxxx")}) {
    CHECK(tdp(other).said.empty());
    CHECK_FALSE(tdp(other).malformed);
  }
}

TEST_CASE("TDP facts before a fault stay") {
  Dissected said = tdp(message(R"({"result":{"device_model":"P100",]})"));
  CHECK(said.malformed);
  CHECK(said.one(Field::model) == "P100");
}

TEST_CASE("TDP cut anywhere") {
  every_prefix(Protocol::tdp, ip_packet(20002, 50000), message(plug));
}
