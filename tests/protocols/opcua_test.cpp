// SPDX-License-Identifier: Apache-2.0
// Hello and endpoints as open62541 and its kin send them (cisagov/icsnpp-opcua-binary), put
// together here from OPC 10000-6.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets le32(size_t value) {
  return {static_cast<uint8_t>(value), static_cast<uint8_t>(value >> 8),
          static_cast<uint8_t>(value >> 16), static_cast<uint8_t>(value >> 24)};
}
Octets string(std::string_view value) { return le32(value.size()) + text(value); }
const Octets none = hex("ffffffff");

Octets message(std::string_view type, const Octets& body) {
  return text(type) + le32(body.size() + 8) + body;
}
/// A message on a channel without security.
Octets service(uint16_t type, const Octets& body) {
  return message(
      "MSGF", le32(1) + le32(1) + le32(51) + le32(1) +
                  Octets{1, 0, static_cast<uint8_t>(type), static_cast<uint8_t>(type >> 8)} + body);
}
const Octets answer = hex("0000000000000000 01000000 00000000 00 ffffffff 000000");
const Octets question = hex("0000 0000000000000000 01000000 00000000 ffffffff 10270000 000000");
Octets application(std::string_view name) {
  return string("urn:plant:" + std::string(name)) + string("urn:maker:product") + hex("03") +
         string("en") + string(name) + le32(0) + none + none + le32(1) + string("opc.tcp://a:4840");
}
Octets endpoint(std::string_view name) {
  return string("opc.tcp://a:4840") + application(name) + none + le32(1) + string("urn:policy") +
         none + string("urn:transport") + hex("00");
}
const Octets build = string("urn:maker:product") + string("HUAWEI") + string("Gateway 1") +
                     string("2.1") + string("7") + hex("0000000000000000");
Octets structure(uint16_t type, const Octets& body) {
  return hex("01 16 0100") +
         Octets{static_cast<uint8_t>(type), static_cast<uint8_t>(type >> 8), 1} +
         le32(body.size()) + body;
}

Dissected server(const Octets& octets) {
  return dissect(Protocol::opcua, ip_packet(4840, 40000), octets);
}
Dissected client(const Octets& octets) {
  return dissect(Protocol::opcua, ip_packet(40000, 4840), octets);
}
const Octets acknowledge = hex("41434b461c00000000000000ffff0000ffff00000000000000000000");
const Octets hello = hex(
    "48454c463800000000000000ffff0000ffff00000000000000000000180000006f70632e7463703a2f2f6c6f6361"
    "6c686f73743a34383430");

}  // namespace

TEST_CASE("OPC UA: the address in a hello is the server's") {
  Dissected said = client(hello);
  CHECK(said.one(Field::location_url) == "opc.tcp://localhost:4840");
  REQUIRE(said.said.size() == 1);
  CHECK(said.said[0].ip == *IpAddress::parse("192.0.2.2"));
  CHECK(server(acknowledge).said.empty());
}

TEST_CASE("OPC UA: a server's endpoints describe it, the first is as good as all") {
  Dissected said =
      server(acknowledge + service(431, answer + le32(2) + endpoint("One") + endpoint("Two")));
  CHECK(said.one(Field::location_url) == "opc.tcp://a:4840");
  CHECK(said.one(Field::application_uri) == "urn:plant:One");
  CHECK(said.one(Field::product_uri) == "urn:maker:product");
  CHECK(said.one(Field::system_name) == "One");
  CHECK(said.said.size() == 4);
  CHECK_FALSE(said.malformed);
  Octets ids = hex("0000 0000") + hex("0000000000000000") + none + none;
  CHECK(server(service(464, answer + ids + le32(1) + endpoint("One"))).one(Field::system_name) ==
        "One");
}

TEST_CASE("OPC UA: a server that is found with others is not known from them") {
  CHECK(server(service(425, answer + le32(1) + application("One"))).one(Field::system_name) ==
        "One");
  CHECK(server(service(425, answer + le32(2) + application("One") + application("Two")))
            .said.empty());
}

TEST_CASE("OPC UA: a client that opens a session describes itself") {
  Dissected said = client(service(461, question + application("Panel")));
  CHECK(said.one(Field::system_name) == "Panel");
  CHECK(said.said[0].ip == *IpAddress::parse("192.0.2.1"));
}

TEST_CASE("OPC UA: the build of a server, by itself or in its state") {
  for (const Octets& value :
       {structure(340, build),
        structure(864, hex("0000000000000000 0000000000000000 00000000") + build)}) {
    Dissected said = server(service(634, answer + le32(1) + value));
    CHECK(said.one(Field::manufacturer) == "HUAWEI");
    CHECK(said.one(Field::product_name) == "Gateway 1");
    CHECK(said.one(Field::software_version) == "2.1");
    CHECK_FALSE(said.malformed);
  }
  CHECK(server(service(634, answer + le32(1) + hex("010c") + string("text"))).said.empty());
}

TEST_CASE("OPC UA: what is enciphered, or no OPC UA, says nothing") {
  Octets hidden = service(431, answer + le32(1) + endpoint("One"));
  hidden[24] = 0x9c;
  CHECK(server(hidden).said.empty());
  CHECK(server(text("MSGF and then some other text")).said.empty());
  CHECK(server(text("SSH-2.0-OpenSSH_9.2")).said.empty());
  CHECK(server(message("MSGA", hex("00"))).said.empty());
}

TEST_CASE("OPC UA: lengths that lie are read as far as there is something") {
  CHECK(server(service(431, answer + hex("ffffff7f"))).said.empty());
  CHECK(server(service(431, answer + le32(1) + hex("fffffffe"))).said.empty());
  Octets nested = hex("0000000000000000 01000000 00000000");
  for (int i = 0; i < 100; ++i) nested = nested + hex("40");
  CHECK(server(service(431, nested)).said.empty());
}

TEST_CASE("OPC UA: every prefix") {
  for (const Octets& octets : {acknowledge + service(431, answer + le32(1) + endpoint("One")),
                               service(464, answer + hex("0000 0000") + hex("0000000000000000") +
                                                none + none + le32(1) + endpoint("One")),
                               service(634, answer + le32(1) + structure(340, build)), hello}) {
    every_prefix(Protocol::opcua, ip_packet(4840, 40000), octets);
  }
}
