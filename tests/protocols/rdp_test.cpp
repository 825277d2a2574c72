// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"
#include "support/shared.hpp"
#include "support/tls.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected from_client(const Octets& stream) {
  return dissect(Protocol::rdp, ip_packet(50000, 3389), stream);
}
Dissected from_server(const Octets& stream) {
  return dissect(Protocol::rdp, ip_packet(3389, 50000), stream);
}
Octets tpkt(const Octets& content) {
  size_t size = content.size() + 4;
  return hex("0300") + Octets{static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)} +
         content;
}
/// A connection request with what stands in its variable part.
Octets request(const Octets& variable) {
  return tpkt(Octets{static_cast<uint8_t>(6 + variable.size())} + hex("e0 0000 0000 00") +
              variable);
}
Octets confirm(std::string_view negotiation) {
  return tpkt(hex("0e d0 0000 1234 00") + hex(negotiation));
}
const Octets asks_for_all = hex("01 00 0800 0b000000");

/// MCS Connect-Initial with a core block of a client called NVR-7; made from the format alone.
Octets connect_initial() {
  Octets name = hex("4e00 5600 5200 2d00 3700") + Octets(22);
  Octets core = hex("01c0 5800 04000800 0004 0003 01ca 03aa 09040000 280a0000") + name + Octets(32);
  return tpkt(hex("02f080 7f65 8180 0401010401010101ff") + Octets(60) + text("Duca") + hex("8060") +
              hex("04c0 0c00 0000000000000000") + core);
}

}  // namespace

TEST_CASE("RDP: what a server chooses, and TLS behind it") {
  Dissected result = from_server(confirm("02 1f 0800 02000000") + tls_server_hello());
  CHECK(result.one(Field::security_protocol) == "credssp");
  CHECK(result.one(Field::certificate_subject) == "CN=x");
  CHECK(result.inner == Protocol::tls);
  CHECK_FALSE(result.malformed);
  CHECK(from_server(confirm("02 00 0800 00000000")).one(Field::security_protocol) == "rdp");
  CHECK(from_server(confirm("02 00 0800 01000000")).one(Field::security_protocol) == "tls");
  CHECK(from_server(confirm("02 00 0800 40000000")).said.empty());
  CHECK(from_server(confirm("03 00 0800 02000000")).said.empty());  // a refusal
  CHECK(from_server(tpkt(hex("06 d0 0000 1234 00"))).said.empty());
}

TEST_CASE("RDP: a client with a cookie, and TLS behind it") {
  Octets cookie = text("Cookie: mstshash=administr\r\n");
  for (const Octets& before :
       {request(asks_for_all), request(cookie + asks_for_all), request(cookie)}) {
    Dissected result = from_client(before + tls_client_hello());
    CHECK(result.one(Field::server_name) == "a.example");
    CHECK(result.said.size() == 2);  // and its fingerprint: the user stays unnamed
    CHECK_FALSE(result.malformed);
    CHECK(from_client(before).wants_more);
  }
}

TEST_CASE("RDP without TLS: the client's name for itself") {
  Dissected result = from_client(request({}) + connect_initial());
  CHECK(result.said.size() == 1);
  CHECK(result.one(Field::host_name) == "NVR-7");
  CHECK_FALSE(result.malformed);
}

TEST_CASE("RDP: what is something else, or not what it claims") {
  CHECK(from_client(hex("0400 0013") + Octets(15)).malformed);
  CHECK(from_client(hex("0300 0003")).malformed);
  CHECK(from_client(hex("0300 ffff") + Octets(20)).malformed);
  CHECK(from_client(tpkt(hex("01 e0 0000 0000 00"))).malformed);
  CHECK(from_client(tpkt(hex("02 f0 80 00 00 00 00"))).said.empty());
  // The same transport on another port, for another protocol.
  Dissected other = dissect(Protocol::rdp, ip_packet(50000, 102), tpkt(hex("06 e0 0000 0001 00")));
  CHECK(other.said.empty());
  CHECK_FALSE(other.wants_more);
  Octets bad = request({}) + tpkt(hex("02f080") + text("Duca") + hex("08 01c0 0200 0000"));
  CHECK(from_client(bad).malformed);
  bad = request({}) + tpkt(hex("02f080") + text("Duca") + hex("08 01c0 0800 00000000"));
  CHECK(from_client(bad).malformed);
}

TEST_CASE("RDP cut anywhere") {
  every_prefix(Protocol::rdp, ip_packet(50000, 3389), request(asks_for_all) + tls_client_hello());
  every_prefix(Protocol::rdp, ip_packet(50000, 3389), request({}) + connect_initial());
  every_prefix(Protocol::rdp, ip_packet(3389, 50000),
               confirm("02 1f 0800 02000000") + tls_server_hello());
}
