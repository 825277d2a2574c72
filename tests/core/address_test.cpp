// SPDX-License-Identifier: Apache-2.0
// MAC and IP addresses: text both ways, the classes at both of their ends, and what is no address.
#include "core/address.hpp"

#include <map>

#include "support/catch.hpp"

using namespace tapwarden;

namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

/// The classes of an address by their letters.
std::string classes(std::string_view text) {
  IpAddress address = ip(text);
  std::string letters;
  if (address.is_unspecified()) letters += 'u';
  if (address.is_multicast()) letters += 'm';
  if (address.is_broadcast()) letters += 'b';
  if (address.is_loopback()) letters += 'l';
  if (address.is_link_local()) letters += 'k';
  if (address.is_private()) letters += 'p';
  if (address.stays_on_link()) letters += 's';
  if (address.is_host()) letters += 'h';
  return letters;
}

}  // namespace

TEST_CASE("A MAC is read in the ways that people write it") {
  for (const char* text :
       {"00:e0:fc:12:34:ab", "00-E0-FC-12-34-AB", "00e0.fc12.34ab", "00e0-fc12-34ab",
        "00E0:FC12:34AB", "00e0fc-1234ab", "00e0fc1234AB", "00.e0.fc.12.34.ab"}) {
    INFO(text);
    std::optional<Mac> mac = parse_mac(text);
    REQUIRE(mac);
    CHECK(to_string(*mac) == "00:e0:fc:12:34:ab");
    CHECK(mac->value() == 0x00e0fc1234ab);
    CHECK(mac_from(mac->value()) == *mac);
  }
}

TEST_CASE("What is not a MAC") {
  for (const char* text :
       {"", ":", "00:e0:fc:12:34", "00:e0:fc:12:34:ab:", ":00:e0:fc:12:34:ab",
        "00:e0:fc:12:34:ab:cd", "00:e0-fc:12-34:ab", "00:e0:fc:12:34:ag", "0:0e:0f:c1:23:4a:b",
        "00e0fc1234a", "00e0fc1234abc", "00e0fc1234ab ", "2001:db8:1::abcd", "2001:0db8::abcd",
        "00e:0fc:123:4ab", "::::::::::::00e0fc1234ab", "00::e0::fc::12::34::ab", "0x00e0fc1234"}) {
    INFO(text);
    CHECK_FALSE(parse_mac(text));
  }
  CHECK_FALSE(parse_mac(std::string_view("00:e0:fc:12:34:a\0", 17)));
  CHECK_FALSE(parse_mac(std::string(100000, ':')));
}

TEST_CASE("The two bits of a MAC's first octet, and none at all") {
  CHECK(parse_mac("01:00:5e:00:00:01")->is_group());
  CHECK_FALSE(parse_mac("00:00:5e:00:00:01")->is_group());
  CHECK(parse_mac("02:00:00:00:00:01")->is_local());
  CHECK(parse_mac("fe:00:00:00:00:01")->is_local());
  CHECK_FALSE(parse_mac("fc:00:00:00:00:01")->is_local());
  CHECK_FALSE(*parse_mac("00:00:00:00:00:00"));
  CHECK(*parse_mac("00:00:00:00:00:01"));
  CHECK(mac_from(0xffff'0000'0000'0001) == *parse_mac("00:00:00:00:00:01"));
}

TEST_CASE("The MAC inside a modified EUI-64") {
  std::array<uint8_t, 8> identifier{0x02, 0xe0, 0xfc, 0xff, 0xfe, 0x12, 0x34, 0xab};
  CHECK(to_string(mac_from_eui64(identifier).value()) == "00:e0:fc:12:34:ab");
  identifier[0] = 0x00;
  CHECK(to_string(mac_from_eui64(identifier).value()) == "02:e0:fc:12:34:ab");
  identifier[4] = 0xff;
  CHECK_FALSE(mac_from_eui64(identifier));
  identifier = {0x02, 0xe0, 0xfc, 0xfe, 0xff, 0x12, 0x34, 0xab};
  CHECK_FALSE(mac_from_eui64(identifier));
}

TEST_CASE("IP addresses from text and back") {
  const std::map<std::string, std::string> texts = {
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"::", "::"},
      {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
      {"2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}};
  for (const auto& [text, written] : texts) {
    INFO(text);
    CHECK(to_string(ip(text)) == written);
    CHECK(ip(written) == ip(text));
  }
  for (const char* text : {"", "192.0.2", "192.0.2.256", "192.0.2.1 ", " 192.0.2.1", "192.0.2.1/24",
                           "1:2:3", "2001:db8::1::2", "fe80::1%eth0", "g::1", "0x7f.1"}) {
    INFO(text);
    CHECK_FALSE(IpAddress::parse(text));
  }
  CHECK_FALSE(IpAddress::parse(std::string_view("192.0.2.1\0x", 11)));
  CHECK_FALSE(IpAddress::parse(std::string(1000, '1')));
}

TEST_CASE("Octets make an address by their number alone") {
  const std::array<uint8_t, 17> octets{192, 0, 2, 1};
  for (size_t size = 0; size <= octets.size(); ++size) {
    INFO(size);
    IpAddress address = IpAddress::from(std::span(octets).first(size));
    CHECK(static_cast<bool>(address) == (size == 4 || size == 16));
    CHECK(address.is_v4() == (size == 4));
    CHECK(address.is_v6() == (size == 16));
  }
  CHECK(to_string(IpAddress()) == "");
  CHECK_FALSE(IpAddress().is_host());
  CHECK_FALSE(IpAddress().is_private());
  CHECK_FALSE(IpAddress().stays_on_link());
  CHECK(ip("0.0.0.0") != IpAddress());
  CHECK(ip("0.0.0.0") != ip("::"));
}

TEST_CASE("Classes of IPv4 addresses at both of their ends") {
  const std::map<std::string, std::string> expected = {
      {"0.0.0.0", "u"},         {"9.255.255.255", "h"},    {"10.0.0.0", "ph"},
      {"10.255.255.255", "ph"}, {"11.0.0.0", "h"},         {"100.63.255.255", "h"},
      {"100.64.0.0", "ph"},     {"100.127.255.255", "ph"}, {"100.128.0.0", "h"},
      {"126.255.255.255", "h"}, {"127.0.0.0", "l"},        {"127.255.255.255", "l"},
      {"128.0.0.0", "h"},       {"169.253.255.255", "h"},  {"169.254.0.1", "kh"},
      {"169.255.0.0", "h"},     {"172.15.255.255", "h"},   {"172.16.0.0", "ph"},
      {"172.31.255.255", "ph"}, {"172.32.0.0", "h"},       {"192.167.255.255", "h"},
      {"192.168.0.0", "ph"},    {"192.169.0.0", "h"},      {"223.255.255.255", "h"},
      {"224.0.0.0", "ms"},      {"224.0.0.255", "ms"},     {"224.0.1.0", "m"},
      {"239.255.255.250", "m"}, {"240.0.0.0", "h"},        {"255.255.255.255", "bs"}};
  for (const auto& [text, letters] : expected) {
    INFO(text);
    CHECK(classes(text) == letters);
  }
}

TEST_CASE("Classes of IPv6 addresses at both of their ends") {
  const std::map<std::string, std::string> expected = {
      {"::", "u"},       {"::1", "l"},      {"::2", "h"},      {"2001:db8::1", "h"},
      {"fbff::1", "h"},  {"fc00::1", "ph"}, {"fdff::1", "ph"}, {"fe00::1", "h"},
      {"fe7f::1", "h"},  {"fe80::1", "kh"}, {"febf::1", "kh"}, {"fec0::1", "h"},
      {"ff01::1", "ms"}, {"ff02::1", "ms"}, {"ff03::1", "m"},  {"ff05::c", "m"},
      {"ff12::1", "ms"}, {"ff0e::1", "m"},  {"a9fe::1", "h"}};
  for (const auto& [text, letters] : expected) {
    INFO(text);
    CHECK(classes(text) == letters);
  }
}
