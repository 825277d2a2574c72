// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

Dissected ssdp(std::string_view message) {
  return dissect(Protocol::ssdp, ip_packet(1900, 1900), text(message));
}

// A network camera's announcement as it was on the wire.
constexpr std::string_view alive =
    "NOTIFY * HTTP/1.1\r\n"
    "LOCATION: http://10.10.10.37:63008/\r\n"
    "HOST: 239.255.255.250:1900\r\n"
    "SERVER: Linux,    UPnP/1.0 DCS-935L/1.0\r\n"
    "NTS: ssdp:alive\r\n"
    "USN: uuid:b0c554255b0e-0::urn:schemas-upnp-org:service:ChangeIP:1\r\n"
    "CACHE-CONTROL: max-age=1800\r\n"
    "NT: urn:schemas-upnp-org:service:ChangeIP:1\r\n"
    "\r\n";

}  // namespace

TEST_CASE("SSDP announcement: server, location and service of the device") {
  Dissected result = ssdp(alive);
  CHECK(result.said.size() == 3);
  CHECK(result.one(Field::server) == "Linux, UPnP/1.0 DCS-935L/1.0");
  CHECK(result.one(Field::location_url) == "http://10.10.10.37:63008/");
  CHECK(result.one(Field::service_name) ==
        "uuid:b0c554255b0e-0::urn:schemas-upnp-org:service:ChangeIP:1");
  CHECK_FALSE(result.malformed);
  for (const Said& said : result.said) CHECK(to_string(said.ip) == "192.0.2.1");
}

TEST_CASE("SSDP announcement without blanks behind the colons") {
  Dissected result = ssdp(
      "NOTIFY * HTTP/1.1\r\nHost:239.255.255.250:1900\r\nNT:upnp:rootdevice\r\n"
      "Location:http://147.229.181.116:2869/upnphost/udhisapi.dll\r\n"
      "Server:Microsoft-Windows-NT/5.1 UPnP/1.0 UPnP-Device-Host/1.0\r\n\r\n");
  CHECK(result.said.size() == 2);
  CHECK(result.one(Field::location_url) == "http://147.229.181.116:2869/upnphost/udhisapi.dll");
  CHECK(result.one(Field::server) == "Microsoft-Windows-NT/5.1 UPnP/1.0 UPnP-Device-Host/1.0");
}

TEST_CASE("SSDP farewell names the service alone") {
  Dissected result = ssdp(
      "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:byebye\r\n"
      "USN: uuid:b0c554255b0e-0::upnp:rootdevice\r\nNT: upnp:rootdevice\r\n\r\n");
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::service_name) == "uuid:b0c554255b0e-0::upnp:rootdevice");
}

TEST_CASE("SSDP answer to a search") {
  Dissected result = dissect(Protocol::ssdp, ip_packet(1900, 50000),
                             text("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nEXT:\r\n"
                                  "Location: http://192.0.2.1:49152/rootDesc.xml\r\n"
                                  "Server: Linux UPnP/1.0 Huawei-ATP-IGD\r\n"
                                  "USN: uuid:00e0fc37-2525-2828-2500-00e0fc000000\r\n\r\n"
                                  "SERVER: body\r\n"));
  CHECK(result.said.size() == 3);
  CHECK(result.one(Field::server) == "Linux UPnP/1.0 Huawei-ATP-IGD");
  CHECK(result.one(Field::location_url) == "http://192.0.2.1:49152/rootDesc.xml");
  CHECK(result.one(Field::service_name) == "uuid:00e0fc37-2525-2828-2500-00e0fc000000");
}

TEST_CASE("SSDP search says what searches, never what is searched for") {
  Dissected result = ssdp(
      "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
      "ST: urn:dial-multiscreen-org:service:dial:1\r\n"
      "SERVER: no\r\nLOCATION: http://192.0.2.9/\r\nUSN: no\r\n"
      "USER-AGENT: Brave Browser/81.1.9.76 Mac OS X\r\n\r\n");
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::user_agent) == "Brave Browser/81.1.9.76 Mac OS X");
  CHECK_FALSE(result.malformed);
}

TEST_CASE("SSDP: other things on its port are malformed") {
  for (std::string_view message :
       {"", "\r\n", "NOTIFY", "NOTIFY *\r\nSERVER: x\r\n\r\n", "NOTIFY * HTTP/1.1",
        "GET / HTTP/1.1\r\nSERVER: x\r\nUSER-AGENT: x\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nSERVER: x\r\n\r\n", "SERVER: x\r\n\r\n"}) {
    INFO(message);
    Dissected result = ssdp(message);
    CHECK(result.said.empty());
    CHECK(result.malformed);
  }
  CHECK(dissect(Protocol::ssdp, ip_packet(1900, 53), hex("1234 0100 0001 0000 0000 0000 000a"))
            .malformed);
}

TEST_CASE("SSDP survives folding, NULs and long lines") {
  Dissected folded = ssdp("NOTIFY * HTTP/1.1\r\nNT: a\r\n SERVER: no\r\nSERVER: yes\r\n");
  REQUIRE(folded.said.size() == 1);
  CHECK(folded.one(Field::server) == "yes");

  Octets nul = text("NOTIFY * HTTP/1.1\r\nUSN: a") + hex("00 00") + text("b\r\n\r\n");
  CHECK(dissect(Protocol::ssdp, ip_packet(1900, 1900), nul).one(Field::service_name) == "a b");

  Dissected longest = ssdp("NOTIFY * HTTP/1.1\r\nSERVER: " + std::string(65536, 'x') + "\r\n\r\n");
  CHECK(longest.one(Field::server).size() == Observation::text_max);

  std::string many = "NOTIFY * HTTP/1.1\r\n";
  for (int i = 0; i < 5000; ++i) many += "USN: x\r\n";
  CHECK(ssdp(many).said.size() == 100);
}

TEST_CASE("SSDP cut anywhere") { every_prefix(Protocol::ssdp, ip_packet(1900, 1900), text(alive)); }
