// SPDX-License-Identifier: Apache-2.0
// No capture of SADP was at hand: these messages are made up from public descriptions of the
// format and from the names and shapes of values that they show.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const std::string answer_text =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<ProbeMatch>\n"
    "<Uuid>5A1D7C10-0000-4000-8000-000000000001</Uuid>\n"
    "<Types>inquiry</Types>\n"
    "<DeviceType>141945</DeviceType>\n"
    "<DeviceDescription>DS-2CD2385G1-I</DeviceDescription>\n"
    "<DeviceSN>DS-2CD2385G1-I20200414AAWRE00000001</DeviceSN>\n"
    "<CommandPort>8000</CommandPort>\n"
    "<HttpPort>80</HttpPort>\n"
    "<MAC>58-50-ed-00-53-0a</MAC>\n"
    "<IPv4Address>192.0.2.64</IPv4Address>\n"
    "<IPv4SubnetMask>255.255.255.0</IPv4SubnetMask>\n"
    "<IPv4Gateway>192.0.2.254</IPv4Gateway>\n"
    "<IPv6Address>::</IPv6Address>\n"
    "<DHCP>true</DHCP>\n"
    "<SoftwareVersion>V5.6.2build 190701</SoftwareVersion>\n"
    "<DSPVersion>V7.3 build 190626</DSPVersion>\n"
    "<OEMinfo>A &amp; B</OEMinfo>\n"
    "<Activated>true</Activated>\n"
    "</ProbeMatch>\n";

Dissected sadp(std::string_view document) {
  return dissect(Protocol::sadp, ip_packet(37020, 37020), text(document));
}

std::string replaced(std::string document, std::string_view from, std::string_view to) {
  return document.replace(document.find(from), from.size(), to);
}

// What an inquiry's answer looks like on Ethernet, padded as it is said to be.
const Octets frame = hex("21 01 01f6 0000002a 0604 04 00 abcd"
                         "5850ed00530a c0000240 000000000000 00000000 ffffff00") +
                     Octets(42);

Dissected raw(const Octets& octets) { return dissect(Protocol::sadp, link_packet(), octets); }

Octets with(Octets octets, size_t place, uint8_t value) {
  octets[place] = value;
  return octets;
}

}  // namespace

TEST_CASE("SADP answer: every fact is about the device that it names") {
  Dissected said = sadp(answer_text);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "answer");
  CHECK(said.one(Field::device_mac) == "58:50:ed:00:53:0a");
  CHECK(said.one(Field::binding) == "192.0.2.64");
  CHECK(said.one(Field::device_type) == "141945");
  CHECK(said.one(Field::model) == "DS-2CD2385G1-I");
  CHECK(said.one(Field::serial) == "DS-2CD2385G1-I20200414AAWRE00000001");
  CHECK(said.one(Field::software_version) == "V5.6.2build 190701");
  CHECK(said.one(Field::brand_text) == "A & B");
  CHECK(said.said.size() == 8);
  for (const Said& one : said.said) {
    CHECK(to_string(one.mac) == "58:50:ed:00:53:0a");
    CHECK(to_string(one.ip) == "192.0.2.64");
    CHECK(one.mac_is_own);
  }
}

TEST_CASE("SADP answer without a MAC that can be one is about the packet's sender") {
  for (std::string_view mac : {"", "none", "58-50-ed", "00-00-00-00-00-00", "01-00-5e-00-00-01"}) {
    INFO(mac);
    Dissected said = sadp(replaced(answer_text, "58-50-ed-00-53-0a", mac));
    CHECK_FALSE(said.malformed);
    CHECK(said.said.size() == 7);
    CHECK(said.one(Field::device_mac).empty());
    CHECK(to_string(said.said[0].mac) == "00:00:5e:00:53:01");
  }
}

TEST_CASE("SADP answer without an address that can be one binds nothing") {
  for (std::string_view ip : {"", "0.0.0.0", "255.255.255.255", "239.255.255.250", "1.2.3"}) {
    INFO(ip);
    Dissected said = sadp(replaced(answer_text, "192.0.2.64", ip));
    CHECK_FALSE(said.malformed);
    CHECK(said.said.size() == 7);
    CHECK(said.one(Field::binding).empty());
    CHECK_FALSE(said.said[0].ip);
  }
}

TEST_CASE("SADP inquiry only says that a tool is there") {
  Dissected said = sadp(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><Probe><Uuid>5A1D7C10</Uuid>"
      "<MAC>ff-ff-ff-ff-ff-ff</MAC><Types>inquiry</Types></Probe>");
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "inquiry");
  CHECK(said.said.size() == 1);
  CHECK(to_string(said.said[0].mac) == "00:00:5e:00:53:01");
}

TEST_CASE("Other traffic on SADP's port says nothing and is not malformed") {
  for (std::string_view other :
       {"", "x", "<Probe", "<Other><DeviceSN>1</DeviceSN></Other>", "<probematch/>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><ProbeMatch><DeviceSN>&x;</DeviceSN></ProbeMatch>"}) {
    INFO(other);
    Dissected said = sadp(other);
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
  CHECK(dissect(Protocol::sadp, ip_packet(53, 37020), hex("0001 8180 0001 0000")).said.empty());
}

TEST_CASE("SADP reads the children of the root only") {
  Dissected said = sadp(
      "<ProbeMatch><In><MAC>58-50-ed-00-53-0a</MAC><DeviceSN>1</DeviceSN></In>"
      "<MAC>58-50-ed-00-53-0b</MAC></ProbeMatch>");
  CHECK(said.one(Field::device_mac) == "58:50:ed:00:53:0b");
  CHECK(said.said.size() == 2);
}

TEST_CASE("SADP facts before a fault stay") {
  Dissected said = sadp("<ProbeMatch><DeviceSN>1</DeviceSN><MAC>58-50-ed-00-53-0a</MAC><x></y>");
  CHECK(said.malformed);
  CHECK(said.one(Field::serial) == "1");
  CHECK(to_string(said.said[0].mac) == "58:50:ed:00:53:0a");
  CHECK(said.said.size() == 3);
  CHECK(sadp("<Probe><x>").malformed);
  CHECK(sadp("<Probe><x>").one(Field::message) == "inquiry");

  std::string nested = "<ProbeMatch>";
  for (int i = 0; i < 300'000; ++i) nested += "<a>";
  CHECK(sadp(nested).malformed);
}

TEST_CASE("SADP texts that are no text are cleaned") {
  Dissected said = sadp("<ProbeMatch><DeviceSN>a" + std::string(1, '\0') +
                        "b&#27;[\xff\xc3</DeviceSN>"
                        "</ProbeMatch>");
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::serial) == "a b [\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("SADP answer cut anywhere") {
  every_prefix(Protocol::sadp, ip_packet(37020, 37020), text(answer_text));
  CHECK(sadp(answer_text.substr(0, 400)).malformed);
}

TEST_CASE("SADP on Ethernet binds the sender's pair") {
  Dissected said = raw(frame);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "answer");
  CHECK(said.one(Field::binding) == "192.0.2.64");
  CHECK(said.said.size() == 2);
  for (const Said& one : said.said) CHECK(to_string(one.mac) == "58:50:ed:00:53:0a");

  Dissected inquiry = raw(with(frame, 1, 2));
  CHECK(inquiry.one(Field::message) == "inquiry");
  CHECK(inquiry.one(Field::binding) == "192.0.2.64");
  CHECK(inquiry.said.size() == 2);
}

TEST_CASE("SADP on Ethernet without a pair is about the frame's sender") {
  Octets group = with(frame, 14, 0x01);
  CHECK(raw(group).said.size() == 1);
  CHECK(to_string(raw(group).said[0].mac) == "00:00:5e:00:53:01");
  Octets nowhere = frame;
  std::fill_n(nowhere.begin() + 20, 4, uint8_t{0});
  CHECK(raw(nowhere).said.size() == 1);
  CHECK(to_string(raw(nowhere).said[0].mac) == "58:50:ed:00:53:0a");
}

TEST_CASE("What else is on that EtherType is silently not SADP") {
  for (auto [place, value] : {std::pair<size_t, uint8_t>{0, 0x20}, {1, 3}, {8, 5}, {9, 6}}) {
    Dissected said = raw(with(frame, place, value));
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
  CHECK_FALSE(raw(hex("21")).malformed);
}

TEST_CASE("SADP on Ethernet cut anywhere") {
  every_prefix(Protocol::sadp, link_packet(), frame);
  for (size_t size = 10; size < 38; ++size) {
    Dissected said = raw(Octets(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)));
    CHECK(said.malformed);
    CHECK(said.said.empty());
  }
}
