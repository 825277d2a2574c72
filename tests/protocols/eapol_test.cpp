// SPDX-License-Identifier: Apache-2.0
// Messages made from RFC 3748, RFC 4284, IEEE 802.1X and Wi-Fi Simple Configuration.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

enum : uint8_t { kRequest = 1, kResponse = 2 };

Octets be16(size_t value) {
  return {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}
Octets eap(uint8_t code, const Octets& body) {
  Octets message = Octets{code, 7} + be16(body.size() + 4) + body;
  return hex("0100") + be16(message.size()) + message;
}
Octets identity(std::string_view name) { return eap(kResponse, hex("01") + text(name)); }
Dissected eapol(const Octets& octets) { return dissect(Protocol::eapol, link_packet(), octets); }

Octets attribute(size_t type, std::string_view value) {
  return be16(type) + be16(value.size()) + text(value);
}
const Octets enrolment = eap(
    kResponse, hex("fe 00372a 00000001 04 00") + hex("104a 0001 10") + attribute(0x1021, "HUAWEI") +
                   attribute(0x1023, "WS5200") + attribute(0x1024, "1.0") +
                   attribute(0x1042, "SN1") + attribute(0x1011, "Extender"));
/// Of a self-signed certificate only as much as names need: version, number, algorithm, issuer with
/// CN=CA, validity, subject with CN=me.
const Octets certificate =
    hex("302f 302d a003020102 020101 3003 0601 2a 300d310b3009 0603550403 0c02 4341 3000"
        "300d310b3009 0603550403 0c02 6d65");

}  // namespace

TEST_CASE("EAPOL: of a person only the realm is told") {
  Dissected said = eapol(identity("jane.doe@example.net"));
  CHECK(said.one(Field::domain) == "example.net");
  CHECK(said.said.size() == 1);
  CHECK(eapol(identity("jane.doe")).said.empty());
  Dissected subscriber = eapol(identity("0262011234567890@wlan.mnc001.mcc262.3gppnetwork.org"));
  CHECK(subscriber.one(Field::domain) == "wlan.mnc001.mcc262.3gppnetwork.org");
  CHECK(subscriber.said.size() == 1);
  CHECK(eapol(identity("262011234567")).said.empty());  // twelve digits are no MAC here
}

TEST_CASE("EAPOL: machines and devices are told by name and MAC") {
  CHECK(eapol(identity("host/pc1.example.net")).one(Field::host_name) == "pc1.example.net");
  Dissected said = eapol(identity("{am=1}00E0FC123456@wimax.example"));
  CHECK(said.one(Field::device_mac) == "00:e0:fc:12:34:56");
  CHECK(said.one(Field::domain) == "wimax.example");
  CHECK(eapol(identity("00-e0-fc-12-34-56")).one(Field::device_mac) == "00:e0:fc:12:34:56");
}

TEST_CASE("EAPOL: a request may name the access server") {
  Octets asked = eap(kRequest, hex("01") + text("hello") + hex("00") +
                                   text("networkid=a,nasid=HUAWEI-S5720,portid=3"));
  Dissected said = eapol(asked);
  CHECK(said.one(Field::nas_identifier) == "HUAWEI-S5720");
  CHECK(said.said.size() == 1);
  CHECK(eapol(eap(kRequest, hex("01"))).said.empty());
}

TEST_CASE("EAPOL: a device that enrols describes itself") {
  Dissected said = eapol(enrolment);
  CHECK(said.one(Field::manufacturer) == "HUAWEI");
  CHECK(said.one(Field::model) == "WS5200");
  CHECK(said.one(Field::model_number) == "1.0");
  CHECK(said.one(Field::serial) == "SN1");
  CHECK(said.one(Field::system_name) == "Extender");
  CHECK(said.said.size() == 5);
  CHECK_FALSE(said.malformed);
}

TEST_CASE("EAPOL: of a client's certificate the issuer, of a server's both names") {
  size_t size = certificate.size();
  Octets list = Octets{0} + be16(size + 3) + Octets{0} + be16(size) + certificate;
  Octets message = Octets{11, 0} + be16(list.size()) + list;
  Octets server_hello = hex("02000002 0303");
  Octets record =
      hex("160303") + be16(server_hello.size() + message.size()) + server_hello + message;
  Dissected server = eapol(eap(kRequest, hex("0d 80 00001000") + record));
  CHECK(server.one(Field::certificate_subject) == "CN=me");
  CHECK(server.one(Field::certificate_issuer) == "CN=CA");
  Dissected client = eapol(eap(kResponse, hex("0d 80 00001000") + record));
  CHECK(client.one(Field::certificate_subject) == "");
  CHECK(client.one(Field::certificate_issuer) == "CN=CA");
  CHECK(eapol(eap(kRequest, hex("0d 40") + record)).said.empty());  // a later fragment
  every_prefix(Protocol::eapol, link_packet(), eap(kRequest, hex("0d 80 00001000") + record));
}

TEST_CASE("EAPOL: key agreement tells the port's own address") {
  Octets message = hex("0305 0010 01 10 e03c 00e0fc123456 0001 00000000");
  CHECK(eapol(message).one(Field::system_mac) == "00:e0:fc:12:34:56");
  every_prefix(Protocol::eapol, link_packet(), message);
}

TEST_CASE("EAPOL: keys, starts, success and other methods say nothing") {
  CHECK(eapol(hex("0101 0000")).said.empty());
  CHECK(eapol(hex("0203 0004 02 010a00")).said.empty());
  CHECK(eapol(hex("0100 0004 03 07 0004")).said.empty());
  CHECK(eapol(eap(kResponse, hex("03 15"))).said.empty());
  CHECK(eapol(eap(kResponse, hex("fe 000137 00000001 04 00"))).said.empty());
}

TEST_CASE("EAPOL: lengths that lie are malformed") {
  CHECK(eapol(hex("0100 00ff 02 07 00ff 01 41")).malformed);
  CHECK(eapol(hex("0100 0004 02 07 0003")).malformed);
  Octets broken = enrolment;
  broken.resize(broken.size() - 1);
  CHECK(eapol(broken).malformed);
  CHECK(eapol(broken).one(Field::manufacturer) == "HUAWEI");
}

TEST_CASE("EAPOL: every prefix") {
  for (const Octets& message :
       {enrolment, identity("{am=1}00E0FC123456@wimax.example"), identity("{"), identity("@")}) {
    every_prefix(Protocol::eapol, link_packet(), message);
    eapol(message);
  }
}
