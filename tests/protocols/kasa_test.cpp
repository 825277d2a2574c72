// SPDX-License-Identifier: Apache-2.0
// The inquiry's octets are those of a capture; no answer was at hand, so answers are made up from
// public descriptions of the format and the values that they show.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets enciphered(std::string_view document) {
  Octets octets;
  uint8_t key = 171;
  for (char c : document)
    octets.push_back(key = static_cast<uint8_t>(static_cast<uint8_t>(c) ^ key));
  return octets;
}

const std::string plug =
    R"j({"system":{"get_sysinfo":{"err_code":0,"sw_ver":"1.2.5 Build 171213 Rel.101523",
"hw_ver":"1.0","type":"IOT.SMARTPLUGSWITCH","model":"HS100(EU)","mac":"50:C7:BF:00:53:0A",
"deviceId":"8006AB","hwId":"22","alias":"Kitchen","dev_name":"Wi-Fi Smart Plug","rssi":-58}}})j";

Dissected kasa(const Octets& octets) {
  return dissect(Protocol::kasa, ip_packet(9999, 50000), octets);
}
Dissected kasa(std::string_view document) { return kasa(enciphered(document)); }

}  // namespace

TEST_CASE("Smart Home answer: every fact is about the device that it names") {
  Dissected said = kasa(plug);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "answer");
  CHECK(said.one(Field::device_mac) == "50:c7:bf:00:53:0a");
  CHECK(said.one(Field::model) == "HS100(EU)");
  CHECK(said.one(Field::device_name) == "Kitchen");
  CHECK(said.one(Field::description) == "Wi-Fi Smart Plug");
  CHECK(said.one(Field::device_type) == "IOT.SMARTPLUGSWITCH");
  CHECK(said.one(Field::device_id) == "8006AB");
  CHECK(said.one(Field::software_version) == "1.2.5 Build 171213 Rel.101523");
  CHECK(said.one(Field::hardware_revision) == "1.0");
  CHECK(said.said.size() == 9);
  for (const Said& one : said.said) {
    CHECK(to_string(one.mac) == "50:c7:bf:00:53:0a");
    CHECK(to_string(one.ip) == "192.0.2.1");
  }
}

TEST_CASE("Smart Home over TCP stands behind its length, and goes on in the next segment") {
  Octets whole = enciphered(plug);
  Octets size{0, 0, static_cast<uint8_t>(whole.size() >> 8), static_cast<uint8_t>(whole.size())};
  CHECK(kasa(size + whole).said.size() == 9);
  CHECK_FALSE(kasa(size + Octets(whole.begin(), whole.end() - 30)).malformed);
  CHECK(kasa(Octets(whole.begin(), whole.end() - 30)).malformed);
  CHECK_FALSE(kasa(hex("0000ffff") + whole).malformed);
}

TEST_CASE("Smart Home inquiry only says that a tool is there") {
  Dissected said = kasa(hex("d0f281f88bff9af7d5ef94b6d1b4c09fec95e68fe187e8caf08bf68bf6"));
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "inquiry");
  CHECK(said.said.size() == 1);
}

TEST_CASE("Smart Home of other contents says nothing") {
  CHECK(kasa(R"({"time":{"get_time":{"year":2020}}})").said.empty());
  CHECK(kasa(R"({"model":"x","x":{"get_sysinfo":{"model":"x"}}})").said.empty());
  CHECK(kasa("{}").said.empty());
  for (const Octets& other :
       {hex("d0"), text("{\"system\":{}}"), hex("00000000 0000"), hex("d0f3000000000000")}) {
    CHECK(kasa(other).said.empty());
    CHECK_FALSE(kasa(other).malformed);
  }
}

TEST_CASE("Smart Home facts before a fault stay; what is too long is cut") {
  Dissected said = kasa(R"({"system":{"get_sysinfo":{"model":"HS100","x":]}}})");
  CHECK(said.malformed);
  CHECK(said.one(Field::model) == "HS100");
  said =
      kasa(R"({"system":{"get_sysinfo":{"model":"HS100","x":")" + std::string(8000, 'x') + "\"}}}");
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::model) == "HS100");
}

TEST_CASE("Smart Home cut anywhere") {
  every_prefix(Protocol::kasa, ip_packet(9999, 50000), enciphered(plug));
}
