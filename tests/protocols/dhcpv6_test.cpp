// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Packet v6_packet(uint16_t source_port, uint16_t target_port,
                 std::string_view source_ip = "fe80::1") {
  Packet packet = ip_packet(source_port, target_port);
  packet.source_ip = *IpAddress::parse(source_ip);
  packet.target_ip = *IpAddress::parse("ff02::1:2");
  return packet;
}

Octets option(uint16_t code, const Octets& value) {
  return Octets{static_cast<uint8_t>(code >> 8), static_cast<uint8_t>(code),
                static_cast<uint8_t>(value.size() >> 8), static_cast<uint8_t>(value.size())} +
         value;
}

const Octets client_duid = hex("0001 0001 1c39cf88 00e0fc123456");
const Octets server_duid = hex("0003 0001 00e0fc999999");

/// A message of that type with the transaction of all these tests.
Octets message(int type, const Octets& options) {
  return Octets{static_cast<uint8_t>(type)} + hex("6aebe6") + options;
}

Octets relay(uint8_t type, std::string_view peer, const Octets& options) {
  auto address = *IpAddress::parse(peer);
  return Octets{type, 0} + hex("20010db8000000000000000000000001") +
         Octets(address.octets().begin(), address.octets().end()) + options;
}

Dissected from_client(const Octets& octets) {
  return dissect(Protocol::dhcpv6, v6_packet(546, 547), octets);
}

Dissected from_relay(const Octets& octets) {
  return dissect(Protocol::dhcpv6, v6_packet(547, 547, "2001:db8::1"), octets);
}

const Octets solicit =
    message(1, option(17, hex("00007571 0001 0006") + text("Arista")) + option(1, client_duid) +
                   option(6, hex("0088 0018 0017")) + option(8, hex("02bf")) +
                   option(16, hex("000007db 0003") + text("abc") + hex("0002 0001")) +
                   option(39, hex("01 05") + text("cam-7") + hex("03") + text("lan") + hex("00")) +
                   option(3, hex("01010000 00000e10 00001518")));

const Octets interface_id = option(18, text("Gi1/0/7"));
const Octets remote_id = option(37, hex("00000009 020010"));

const Octets forwarded =
    relay(12, "fe80::2e0:fcff:fe12:3456", interface_id + option(9, solicit) + remote_id);

void check_client_facts(const Dissected& dhcpv6) {
  CHECK(dhcpv6.one(Field::duid) == "000100011c39cf8800e0fc123456");
  CHECK(dhcpv6.one(Field::duid_mac) == "00:e0:fc:12:34:56");
  CHECK(dhcpv6.all(Field::vendor_enterprise) == std::vector<std::string>{"30065", "2011"});
  CHECK(dhcpv6.one(Field::vendor_info) == "00010006417269737461");
  CHECK(dhcpv6.all(Field::vendor_class_data) == std::vector<std::string>{"abc", "0001"});
  CHECK(dhcpv6.one(Field::fqdn) == "cam-7.lan");
}

}  // namespace

TEST_CASE("DHCPv6 solicit: what a client says is about the sender") {
  Dissected dhcpv6 = from_client(solicit);
  CHECK(dhcpv6.said.size() == 8);
  check_client_facts(dhcpv6);
  CHECK_FALSE(dhcpv6.malformed);
  for (const Said& said : dhcpv6.said) {
    CHECK(to_string(said.mac) == "00:00:5e:00:53:01");
    CHECK(to_string(said.ip) == "fe80::1");
    CHECK(said.mac_is_own);
  }
}

TEST_CASE("DHCPv6 servers: their own identifier, not the client's") {
  for (int type : {2, 7, 10}) {
    Octets answer = message(type, option(1, client_duid) + option(2, server_duid) +
                                      option(17, hex("00000009 0001")) +
                                      option(39, hex("00 03") + text("cam")));
    Dissected dhcpv6 = dissect(Protocol::dhcpv6, v6_packet(547, 546), answer);
    CHECK(dhcpv6.said.size() == 2);
    CHECK(dhcpv6.one(Field::duid) == "0003000100e0fc999999");
    CHECK(dhcpv6.one(Field::duid_mac) == "00:e0:fc:99:99:99");
    CHECK_FALSE(dhcpv6.malformed);
  }
  Dissected request = from_client(message(3, option(1, client_duid) + option(2, server_duid)));
  CHECK(request.said.size() == 2);
  CHECK(request.one(Field::duid_mac) == "00:e0:fc:12:34:56");
}

TEST_CASE("DHCPv6 identifiers of every type") {
  auto said = [](std::string_view duid) { return from_client(message(1, option(1, hex(duid)))); };
  Dissected enterprise = said("0002 0000ab11 0102030405060708");
  CHECK(enterprise.said.size() == 2);
  CHECK(enterprise.one(Field::duid) == "00020000ab110102030405060708");
  CHECK(enterprise.one(Field::vendor_enterprise) == "43793");

  CHECK(said("0004 00112233445566778899aabbccddeeff").said.size() == 1);
  CHECK(said("0003 0020 0011223344556677").said.size() == 1);  // InfiniBand
  CHECK(said("0003 0001 0011223344").said.size() == 1);
  CHECK(said("0003 0001 01005e000001").said.size() == 1);
  CHECK_FALSE(said("0003 0001 0011223344").malformed);

  for (const char* cut : {"", "00", "0001", "0001 0001 1c39", "0002 0000", "0003 00"}) {
    INFO(cut);
    CHECK(said(cut).malformed);
    CHECK(said(cut).said.size() <= 1);
  }
  Octets longest = hex("0004") + Octets(128, 0xab);
  CHECK_FALSE(from_client(message(1, option(1, longest))).malformed);
  CHECK(from_client(message(1, option(1, longest + hex("ab")))).malformed);
  CHECK(from_client(message(1, option(1, longest + hex("ab")))).said.empty());
}

TEST_CASE("DHCPv6 behind a relay: never the relay's MAC, but the port the relay names") {
  Dissected dhcpv6 = from_relay(forwarded);
  CHECK(dhcpv6.said.size() == 10);
  check_client_facts(dhcpv6);
  CHECK(dhcpv6.one(Field::relay_circuit) == "Gi1/0/7");
  CHECK(dhcpv6.one(Field::relay_remote) == "020010");
  CHECK_FALSE(dhcpv6.malformed);
  for (const Said& said : dhcpv6.said) {
    CHECK_FALSE(said.mac);
    CHECK(to_string(said.ip) == "fe80::2e0:fcff:fe12:3456");
  }
}

TEST_CASE("DHCPv6 relay that knows the client's link-layer address") {
  Octets known =
      relay(12, "fe80::7",
            option(9, message(1, option(1, client_duid))) + option(79, hex("0001 00e0fc123457")));
  Dissected dhcpv6 = from_relay(known);
  REQUIRE(dhcpv6.said.size() == 2);
  CHECK(to_string(dhcpv6.said[0].mac) == "00:e0:fc:12:34:57");
  CHECK(to_string(dhcpv6.said[0].ip) == "fe80::7");

  Octets group =
      relay(12, "fe80::7",
            option(9, message(1, option(1, client_duid))) + option(79, hex("0001 01005e000001")));
  CHECK(from_relay(group).said.size() == 2);
  CHECK_FALSE(from_relay(group).said[0].mac);
}

TEST_CASE("DHCPv6 relay replies tell of the client's port, and nothing of the server") {
  Octets answer = message(7, option(1, client_duid) + option(2, server_duid));
  Dissected dhcpv6 = from_relay(relay(13, "fe80::7", option(9, answer) + interface_id));
  REQUIRE(dhcpv6.said.size() == 1);
  CHECK(dhcpv6.one(Field::relay_circuit) == "Gi1/0/7");
  CHECK(to_string(dhcpv6.said[0].ip) == "fe80::7");
  CHECK_FALSE(dhcpv6.said[0].mac);
}

TEST_CASE("DHCPv6 relays in relays: the nearest to the client counts") {
  Octets nested = forwarded;
  for (int depth = 1; depth < 8; ++depth) {
    nested = relay(12, "2001:db8::2", option(18, text("uplink")) + option(9, nested));
    Dissected dhcpv6 = from_relay(nested);
    CHECK(dhcpv6.said.size() == 10);
    CHECK(dhcpv6.one(Field::relay_circuit) == "Gi1/0/7");
    CHECK(to_string(dhcpv6.said[0].ip) == "fe80::2e0:fcff:fe12:3456");
    CHECK_FALSE(dhcpv6.malformed);
  }
  nested = relay(12, "2001:db8::2", option(9, nested));
  CHECK(from_relay(nested).said.empty());
  CHECK(from_relay(nested).malformed);
}

TEST_CASE("DHCPv6 relays that lie") {
  for (const Octets& lie :
       {relay(12, "fe80::7", interface_id), relay(12, "fe80::7", interface_id + option(9, {})),
        relay(12, "fe80::7", interface_id + hex("0009 ffff 01 6aebe6")),
        relay(12, "fe80::7", option(18, text("uplink")) + option(9, hex("0c 00")))}) {
    CHECK(from_relay(lie).said.empty());
    CHECK(from_relay(lie).malformed);
  }
  Octets nobody = relay(12, "::", interface_id + option(9, solicit));
  CHECK(from_relay(nobody).said.empty());

  Octets short_remote =
      relay(12, "fe80::7", option(37, hex("0000")) + option(9, message(1, option(1, client_duid))));
  CHECK(from_relay(short_remote).said.size() == 2);
  CHECK(from_relay(short_remote).malformed);
}

TEST_CASE("DHCPv6 lengths that lie") {
  for (const char* lie : {"0001 ffff 0001", "0001 00", "00"}) {
    INFO(lie);
    Dissected dhcpv6 = from_client(message(1, option(39, hex("00 01 61")) + hex(lie)));
    CHECK(dhcpv6.said.size() == 1);
    CHECK(dhcpv6.one(Field::fqdn) == "a");
    CHECK(dhcpv6.malformed);
  }
  // Inside an option: what follows it is still read.
  for (const Octets& lie : {option(16, hex("0000")), option(17, hex("0000")), option(39, {}),
                            option(39, hex("00 09 61")), option(39, hex("00 c0 0c"))}) {
    Dissected dhcpv6 = from_client(message(1, lie + option(1, hex("0004 01"))));
    CHECK(dhcpv6.said.size() == 1);
    CHECK(dhcpv6.one(Field::duid) == "000401");
    CHECK(dhcpv6.malformed);
  }
  Dissected data = from_client(message(1, option(16, hex("000007db 0009 61"))));
  CHECK(data.said.size() == 1);
  CHECK(data.one(Field::vendor_enterprise) == "2011");
  CHECK(data.malformed);
}

TEST_CASE("DHCPv6 names that cannot be") {
  Octets long_name;
  for (int i = 0; i < 5; ++i) long_name = long_name + hex("3f") + Octets(63, 'a');
  Dissected dhcpv6 = from_client(message(1, option(39, hex("00") + long_name)));
  CHECK(dhcpv6.said.empty());
  CHECK(dhcpv6.malformed);
  CHECK(from_client(message(1, option(39, hex("00 00")))).said.empty());
  CHECK_FALSE(from_client(message(1, option(39, hex("00 00")))).malformed);
}

TEST_CASE("DHCPv6 messages of other kinds say nothing") {
  for (int type : {0, 14, 15, 20, 255}) {
    Dissected dhcpv6 = from_client(message(type, option(1, client_duid) + option(2, server_duid)));
    CHECK(dhcpv6.said.empty());
    CHECK_FALSE(dhcpv6.malformed);
  }
}

TEST_CASE("DHCPv6 cut anywhere") {
  every_prefix(Protocol::dhcpv6, v6_packet(546, 547), solicit);
  every_prefix(Protocol::dhcpv6, v6_packet(547, 547, "2001:db8::1"), forwarded);
  every_prefix(Protocol::dhcpv6, v6_packet(547, 547, "2001:db8::1"),
               relay(12, "2001:db8::2", option(18, text("uplink")) + option(9, forwarded)));
  every_prefix(Protocol::dhcpv6, v6_packet(547, 546), message(2, option(2, server_duid)));
}

TEST_CASE("DHCPv6: a cable modem and a device of TR-069 describe themselves") {
  Octets cable = hex("0000118b") + option(4, text("DRG7908-53")) + option(8, text("54D46F")) +
                 option(9, text("DRG7908")) + option(10, text("Cisco")) +
                 option(36, hex("54d46ffa109a"));
  Dissected modem = from_client(message(1, option(1, client_duid) + option(17, cable)));
  CHECK(modem.one(Field::serial) == "DRG7908-53");
  CHECK(modem.one(Field::organization_oui) == "54D46F");
  CHECK(modem.one(Field::model) == "DRG7908");
  CHECK(modem.one(Field::manufacturer) == "Cisco");
  CHECK(modem.one(Field::device_mac) == "54:d4:6f:fa:10:9a");
  Octets device = hex("00000de9") + option(11, text("00E0FC")) + option(12, text("SN1")) +
                  option(13, text("ONT"));
  Dissected managed = from_client(message(1, option(17, device)));
  CHECK(managed.one(Field::organization_oui) == "00E0FC");
  CHECK(managed.one(Field::serial) == "SN1");
  CHECK(managed.one(Field::product_class) == "ONT");
  every_prefix(Protocol::dhcpv6, v6_packet(546, 547), message(1, option(17, cable)));
}
