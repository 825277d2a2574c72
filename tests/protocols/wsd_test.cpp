// SPDX-License-Identifier: Apache-2.0
// No capture of WS-Discovery was at hand: these messages are made up from the standard's and
// ONVIF's examples and from public descriptions of the scopes that cameras tell.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

std::string envelope(std::string_view body) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
         "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\">"
         "<env:Header><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/x</wsa:Action>"
         "</env:Header><env:Body>" +
         std::string(body) + "</env:Body></env:Envelope>";
}

std::string matches(std::string_view scopes) {
  return envelope(
      "<d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference>"
      "<wsa:Address>urn:uuid:5a1d7c10-0000-4000-8000-000000000001</wsa:Address>"
      "</wsa:EndpointReference>"
      "<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>"
      "<d:Scopes>" +
      std::string(scopes) +
      "</d:Scopes>"
      "<d:XAddrs>http://192.0.2.64/onvif/device_service http://[2001:db8::1]/onvif</d:XAddrs>"
      "<d:MetadataVersion>10</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches>");
}

const std::string camera = matches(
    "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/hardware/DS-2CD2042WD-I\n"
    "onvif://www.onvif.org/name/HIKVISION%20DS-2CD2042WD-I ldap:///ou=x "
    "onvif://www.onvif.org/MAC/58:50:ed:00:53:0a");

Dissected wsd(std::string_view document) {
  return dissect(Protocol::wsd, ip_packet(3702, 50000), text(document));
}

}  // namespace

TEST_CASE("WS-Discovery match of a camera") {
  Dissected said = wsd(camera);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::device_mac) == "58:50:ed:00:53:0a");
  CHECK(said.all(Field::service_name) == Texts{"NetworkVideoTransmitter", "Device"});
  CHECK(said.all(Field::onvif_scope) == Texts{"onvif://www.onvif.org/type/video_encoder",
                                              "onvif://www.onvif.org/hardware/DS-2CD2042WD-I",
                                              "onvif://www.onvif.org/name/HIKVISION DS-2CD2042WD-I",
                                              "onvif://www.onvif.org/MAC/58:50:ed:00:53:0a"});
  CHECK(said.one(Field::model) == "DS-2CD2042WD-I");
  CHECK(said.one(Field::device_name) == "HIKVISION DS-2CD2042WD-I");
  CHECK(said.all(Field::location_url) ==
        Texts{"http://192.0.2.64/onvif/device_service", "http://[2001:db8::1]/onvif"});
  CHECK(said.said.size() == 11);
  for (const Said& one : said.said) {
    CHECK(to_string(one.mac) == "58:50:ed:00:53:0a");
    CHECK(to_string(one.ip) == "192.0.2.1");
  }
}

TEST_CASE("WS-Discovery match without an address in its scopes is about the packet's sender") {
  for (std::string_view mac : {"", "onvif://www.onvif.org/MAC/", "onvif://www.onvif.org/MAC/1234",
                               "onvif://www.onvif.org/MAC/ff:ff:ff:ff:ff:ff",
                               "onvif://www.onvif.org/MAC/00:00:00:00:00:00"}) {
    INFO(mac);
    Dissected said = wsd(matches(mac));
    CHECK_FALSE(said.malformed);
    CHECK(said.one(Field::device_mac).empty());
    CHECK(to_string(said.said[0].mac) == "00:00:5e:00:53:01");
    CHECK(said.said.size() == (mac.empty() ? 4 : 5));
  }
}

TEST_CASE("WS-Discovery hello of a printer, resolve match, and who only asks or leaves") {
  Dissected said = wsd(
      envelope("<wsd:Hello><wsd:Types>wsdp:Device wprt:PrintDeviceType</wsd:Types></wsd:Hello>"));
  CHECK(said.all(Field::service_name) == Texts{"Device", "PrintDeviceType"});
  CHECK(said.said.size() == 2);
  said =
      wsd(envelope("<ResolveMatches><ResolveMatch><XAddrs>http://192.0.2.9:5357/x/</XAddrs>"
                   "</ResolveMatch></ResolveMatches>"));
  CHECK(said.one(Field::location_url) == "http://192.0.2.9:5357/x/");
  CHECK(said.said.size() == 1);
  for (std::string_view body :
       {"<Probe><Types>dn:NetworkVideoTransmitter</Types><Scopes>onvif://x/name/y</Scopes></Probe>",
        "<Bye><Types>tds:Device</Types></Bye>", "<Resolve/>", ""}) {
    INFO(body);
    said = wsd(envelope(body));
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
}

TEST_CASE("WS-Discovery scopes in odd shapes") {
  Dissected said =
      wsd(matches("onvif://www.onvif.org/hardware onvif://www.onvif.org/hardware/ onvif:// "
                  "onvif://www.onvif.org/hardwarex/a onvif://www.onvif.org/name/%41%4 "
                  "onvif://www.onvif.org/name/%zz%00b onvif://other/hardware/X%2f1 %"));
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::model) == "X/1");
  CHECK(said.all(Field::device_name) == Texts{"A%4", "%zz b"});
  CHECK(said.all(Field::onvif_scope).size() == 7);
  CHECK(said.said.size() == 14);
}

TEST_CASE("WS-Discovery reads a bounded number of words") {
  std::string many;
  for (int i = 0; i < 300; ++i) many += "onvif://a ";
  CHECK(wsd(matches(many)).all(Field::onvif_scope).size() == 64);
  CHECK(wsd(matches("onvif://" + std::string(3000, 'a'))).one(Field::onvif_scope).size() <= 512);
}

TEST_CASE("Other traffic on WS-Discovery's port says nothing and is not malformed") {
  for (std::string_view other : {"x", "<Other><ProbeMatch><Types>a</Types></ProbeMatch></Other>",
                                 "<?xml", "{}", "\x01\x02"}) {
    INFO(other);
    Dissected said = wsd(other);
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
}

TEST_CASE("WS-Discovery facts before a fault stay") {
  Dissected said = wsd("<e:Envelope><Hello><Types>a</Types></Bye>");
  CHECK(said.malformed);
  CHECK(said.one(Field::service_name) == "a");
}

TEST_CASE("WS-Discovery cut anywhere") {
  every_prefix(Protocol::wsd, ip_packet(3702, 3702), text(camera));
}
