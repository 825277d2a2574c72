// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "dissect/dissectors.hpp"
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

Dissected response(std::string_view message) {
  return dissect(Protocol::http, ip_packet(80, 50000), text(message));
}
Dissected request(std::string_view message) {
  return dissect(Protocol::http, ip_packet(50000, 80), text(message));
}
/// The realms that one WWW-Authenticate header names.
Texts realms(const std::string& challenges) {
  Dissected result =
      response("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " + challenges + "\r\n\r\n");
  CHECK_FALSE(result.malformed);
  Texts texts = result.all(Field::realm);
  CHECK(result.said.size() == texts.size());
  return texts;
}

constexpr std::string_view camera =
    "HTTP/1.1 401 Unauthorized\r\n"
    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
    "Server: App-webs/\r\n"
    "X-Powered-By: PHP/5.4\r\n"
    "WWW-Authenticate: Digest realm=\"IP Camera(12345)\", qop=\"auth\", nonce=\"4e7a\"\r\n"
    "WWW-Authenticate: Basic realm=\"IP Camera(12345)\"\r\n"
    "Content-Length: 61\r\n"
    "\r\n"
    "<html>\r\nServer: Hikvision-Webs\r\nX-Powered-By: ASP.NET\r\n\r\n</html>";

}  // namespace

TEST_CASE("HTTP response: what the server says of itself in its head") {
  Dissected result = response(camera);
  CHECK(result.said.size() == 4);
  CHECK(result.one(Field::server) == "App-webs/");
  CHECK(result.one(Field::powered_by) == "PHP/5.4");
  CHECK(result.all(Field::realm) == Texts{"IP Camera(12345)", "IP Camera(12345)"});
  CHECK_FALSE(result.malformed);
  for (const Said& said : result.said) CHECK(to_string(said.ip) == "192.0.2.1");
}

TEST_CASE("HTTP response: a body that is no device's document says nothing") {
  Dissected result = response(
      "HTTP/1.0 200 OK\r\n\r\nServer: Hikvision-Webs\r\nWWW-Authenticate: Basic "
      "realm=\"x\"\r\n\r\n");
  CHECK(result.said.empty());
  CHECK_FALSE(result.malformed);
  CHECK(response("HTTP/1.0 200 OK\nAge: 1\n\nServer: Hikvision-Webs\n").said.empty());
}

TEST_CASE("HTTP response: the title of a page") {
  auto page = [](std::string_view head, std::string_view body) {
    return response("HTTP/1.1 " + std::string(head) + "\r\n\r\n" + std::string(body));
  };
  constexpr std::string_view html = "<html><head><title>NETSurveillance WEB</title></head>";
  Dissected result = page("200 OK\r\nContent-Type: text/html; charset=utf-8", html);
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::title) == "NETSurveillance WEB");
  CHECK(page("200 OK\r\nContent-Type: Text/HTML\r\nContent-Encoding: identity", html).said.size() ==
        1);
  CHECK(page("200 OK", html).said.empty());
  CHECK(page("200 OK\r\nContent-Type: text/xml", html).said.empty());
  CHECK(page("404 Not Found\r\nContent-Type: text/html", html).said.empty());
  CHECK(page("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", html).said.empty());
  CHECK(page("200 OK\r\nContent-Type: text/html", "<title>half").said.empty());
  CHECK(request("POST / HTTP/1.1\r\nContent-Type: text/html\r\n\r\n" + std::string(html))
            .said.empty());
}

TEST_CASE("HTTP request: what the client says it is") {
  Dissected result = request(
      "GET /doc/page/login.asp HTTP/1.1\r\n"
      "Host: 192.0.2.2\r\n"
      "user-agent:\t Hikplayer/1.0  \r\n"
      "Server: no\r\nX-Powered-By: no\r\nWWW-Authenticate: Basic realm=\"no\"\r\n"
      "Authorization: Basic YWRtaW46MTIzNDU=\r\n"
      "\r\n"
      "User-Agent: body\r\n");
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::user_agent) == "Hikplayer/1.0");
  CHECK(to_string(result.said[0].ip) == "192.0.2.1");
  CHECK_FALSE(result.malformed);

  CHECK(response("HTTP/1.1 200 OK\r\nUser-Agent: x\r\n\r\n").said.empty());
}

TEST_CASE("HTTP and RTSP requests are known by their first line, whatever their method") {
  for (std::string_view line :
       {"GET / HTTP/1.1", "CONNECT a.example:443 HTTP/1.1", "DELETE /x HTTP/1.1",
        "PATCH /x HTTP/1.1", "PROPFIND /x HTTP/1.1", "MKCOL /x HTTP/1.1", "UNLOCK /x HTTP/1.1",
        "SUBSCRIBE /events HTTP/1.1", "UNSUBSCRIBE /events HTTP/1.1", "NOTIFY /events HTTP/1.1",
        "PAUSE rtsp://a/ RTSP/1.0", "GET_PARAMETER rtsp://a/ RTSP/1.0",
        "SET_PARAMETER rtsp://a/ RTSP/1.0", "TEARDOWN rtsp://a/ RTSP/1.0"}) {
    Told told;
    std::string request = std::string(line) + "\r\nUser-Agent: Example/1.0\r\n\r\n";
    told(ethernet(0x0800, ipv4(6, tcp(100, 16, text(request), 50000, 8123))));
    INFO(line);
    CHECK(told.facts == std::vector<std::string>{"Example/1.0"});
  }
}

TEST_CASE("HTTP realms of several challenges in one header") {
  CHECK(realms(R"(Basic realm="Login to 4F0A")") == Texts{"Login to 4F0A"});
  CHECK(realms(R"(bAsIc REALM="x")") == Texts{"x"});
  CHECK(realms(R"(Digest realm = "one", nonce="n", Basic realm="two")") == Texts{"one", "two"});
  CHECK(
      realms(R"(Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple")") ==
      Texts{"apps", "simple"});
  CHECK(realms(R"(Basic realm=token)") == Texts{"token"});
  CHECK(realms(R"(Basic charset="UTF-8",realm=token,x=y)") == Texts{"token"});
}

TEST_CASE("HTTP realms: quotes, quoted pairs and what only looks like a realm") {
  CHECK(realms(R"(Basic realm="a \"b\" \\ c")") == Texts{R"(a "b" \ c)"});
  CHECK(realms(R"(Digest nonce="realm=\"no\"", opaque="x, realm=no")").empty());
  CHECK(realms(R"(Digest xrealm="no", realmx="no", realm="yes")") == Texts{"yes"});
  CHECK(realms(R"(Basic realm="")").empty());
  CHECK(realms(R"(Basic realm="has no end, Digest nonce=1)").empty());
  CHECK(realms(R"(Basic realm="ends in a backslash\)").empty());
  CHECK(realms("NTLM TlRMTVNTUAAC==").empty());
  CHECK(realms("Negotiate, NTLM").empty());
  CHECK(realms(R"(=,"=,"realm"=,===" realm)").empty());
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "Basic realm=x,";
  CHECK(realms(many).size() <= 64);
  CHECK(realms("Basic realm=\"" + std::string(5000, '\\') + "\"").size() == 1);
}

TEST_CASE("HTTP head that does not end in this segment says what is whole") {
  Dissected result = response("HTTP/1.1 200 OK\r\nServer: one\r\nX-Powered-By: tw");
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::server) == "one");
  CHECK_FALSE(result.malformed);
  CHECK_FALSE(response("HTTP/1.1 200").malformed);
  CHECK_FALSE(request("GET /" + std::string(1400, 'a')).malformed);
}

TEST_CASE("HTTP: what is not HTTP/1 says nothing and is not malformed") {
  for (std::string_view first :
       {"GET ", "GET \r\n", "GET / SIP/2.0", "GET /", "OPTIONS rtsp://192.0.2.2/ RTSP/1.0",
        "OPTIONS sip:x SIP/2.0", " / HTTP/1.1", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20",
        "HTTP/1.1 2x0 OK", "HTTP/1.x 200 OK", "HTTP/1.1200 OK", "HTTP/2 200", ""}) {
    INFO(first);
    Dissected result = request(std::string(first) + "\r\nServer: x\r\nUser-Agent: y\r\n\r\n");
    CHECK(result.said.empty());
    CHECK_FALSE(result.malformed);
  }
  CHECK(request("").said.empty());
  CHECK(request("\n\n\n").said.empty());
}

TEST_CASE("HTTP header lines out of order, folded, without a colon, with controls") {
  Dissected result = response(
      "HTTP/1.1 200 OK\r\n"
      " Server: folded at once\r\n"
      "no colon here\r\n"
      ": no name\r\n"
      "Server : blank before the colon\r\n"
      "X-Server: no\r\n"
      "Age: 1\rServer: bare return\r\n"
      "X-Cache: x\r\n"
      "\tServer: folded\r\n"
      "X-Powered-By: first\r\n"
      "  second\r\n"
      "Server:\r\n"
      "SERVER:a:b\r\n"
      "\r\n");
  CHECK(result.said.size() == 3);
  CHECK(result.all(Field::server) == Texts{"blank before the colon", "a:b"});
  CHECK(result.one(Field::powered_by) == "first");
  CHECK_FALSE(result.malformed);

  Octets nul = text("HTTP/1.1 200 OK\r\nServer: a") + hex("00 1b 00") + text("b\r\n\r\n");
  Dissected cleaned = dissect(Protocol::http, ip_packet(80, 50000), nul);
  CHECK(cleaned.one(Field::server) == "a b");
}

TEST_CASE("HTTP bounds: long lines, many headers") {
  Dissected longest =
      response("HTTP/1.1 200 OK\r\nServer: " + std::string(65536, 's') + "\r\n\r\n");
  CHECK(longest.one(Field::server).size() == Observation::text_max);

  Dissected behind =
      response("HTTP/1.1 200 OK\r\nX: " + std::string(65536, 'x') + "\r\nServer: behind\r\n\r\n");
  CHECK(behind.one(Field::server) == "behind");

  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 5000; ++i) many += "Server: x\r\n";
  CHECK(response(many + "\r\n").said.size() == 100);
}

namespace {

std::string answer(std::string_view body, std::string_view type = "text/xml") {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}
std::string post(std::string_view body) {
  return "POST /acs HTTP/1.1\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}
std::string replaced(std::string document, std::string_view from, std::string_view to) {
  return document.replace(document.find(from), from.size(), to);
}

const std::string description =
    "<?xml version=\"1.0\"?>\n"
    "<root xmlns=\"urn:schemas-upnp-org:device-1-0\">"
    "<specVersion><major>1</major><minor>0</minor></specVersion><device>"
    "<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>"
    "<friendlyName>Home &amp; Office</friendlyName><manufacturer>Huawei</manufacturer>"
    "<manufacturerURL>http://www.example.com</manufacturerURL>"
    "<modelDescription>Gateway</modelDescription><modelName>HG8245H</modelName>"
    "<modelNumber>1.0</modelNumber><serialNumber>00E0FC000001</serialNumber>"
    "<UDN>uuid:00e0fc00-0000-1000-8000-00e0fc000001</UDN>"
    "<deviceList><device><manufacturer>inner</manufacturer><modelName>inner</modelName>"
    "</device></deviceList></device></root>";

const std::string inform =
    "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" "
    "xmlns:cwmp=\"urn:dslforum-org:cwmp-1-0\">"
    "<SOAP-ENV:Header><cwmp:ID SOAP-ENV:mustUnderstand=\"1\">1</cwmp:ID></SOAP-ENV:Header>"
    "<SOAP-ENV:Body><cwmp:Inform><DeviceId><Manufacturer>ZTE</Manufacturer><OUI>002293</OUI>"
    "<ProductClass>F660</ProductClass><SerialNumber>ZTEGC8A01F3E</SerialNumber></DeviceId>"
    "<Event><EventStruct><EventCode>0 BOOTSTRAP</EventCode><CommandKey/></EventStruct></Event>"
    "<MaxEnvelopes>1</MaxEnvelopes><ParameterList>"
    "<ParameterValueStruct><Name>InternetGatewayDevice.DeviceInfo.HardwareVersion</Name>"
    "<Value>V5.2</Value></ParameterValueStruct>"
    "<ParameterValueStruct><Name>InternetGatewayDevice.DeviceInfo.SoftwareVersion</Name>"
    "<Value>V5.2.10P4T26</Value></ParameterValueStruct>"
    "<ParameterValueStruct><Name>InternetGatewayDevice.ManagementServer.Password</Name>"
    "<Value>secret</Value></ParameterValueStruct>"
    "</ParameterList></cwmp:Inform></SOAP-ENV:Body></SOAP-ENV:Envelope>";

const std::string information =
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header/><s:Body>"
    "<tds:GetDeviceInformationResponse><tds:Manufacturer>HIKVISION</tds:Manufacturer>"
    "<tds:Model>DS-2CD2143G2-I</tds:Model><tds:FirmwareVersion>V5.7.1 build 211130"
    "</tds:FirmwareVersion><tds:SerialNumber>DS-2CD2143G2-I20210528AAWRG12345678"
    "</tds:SerialNumber><tds:HardwareId>88</tds:HardwareId>"
    "</tds:GetDeviceInformationResponse></s:Body></s:Envelope>";

void check_description(const Dissected& said) {
  CHECK_FALSE(said.malformed);
  CHECK(said.said.size() == 7);
  CHECK(said.one(Field::manufacturer) == "Huawei");
  CHECK(said.one(Field::model) == "HG8245H");
  CHECK(said.one(Field::model_number) == "1.0");
  CHECK(said.one(Field::model_description) == "Gateway");
  CHECK(said.one(Field::friendly_name) == "Home & Office");
  CHECK(said.one(Field::serial) == "00E0FC000001");
  CHECK(said.one(Field::udn) == "uuid:00e0fc00-0000-1000-8000-00e0fc000001");
  for (const Said& one : said.said) CHECK(to_string(one.ip) == "192.0.2.1");
}

bool wants_more(Protocol protocol, const Packet& packet, std::string_view message) {
  Emit emit([](void*, const Observation&) {}, nullptr);
  emit.begin(packet, protocol);
  Reader reader(as_bytes(message));
  dissector(protocol)(packet, reader, emit);
  return emit.wants_more();
}

bool response_wants_more(std::string_view message) {
  return wants_more(Protocol::http, ip_packet(80, 50000), message);
}

}  // namespace

TEST_CASE("UPnP device description: what the root device is") {
  check_description(response(answer(description)));
  check_description(response(answer(description, "Application/XML; charset=\"utf-8\"")));
  // Until the connection closes, or in chunks of which the first holds it.
  check_description(
      response("HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + description + "\n"));
  std::string chunked =
      "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n";
  char size[16];
  std::snprintf(size, sizeof size, "%zX", description.size());
  check_description(response(chunked + size + ";x=y\r\n" + description + "\r\n0\r\n\r\n"));
  for (std::string_view bad : {"", "zz", "-1", "ffffffffffffffffffff"}) {
    CHECK(response(chunked + std::string(bad) + "\r\n" + description).said.empty());
  }
}

TEST_CASE("CWMP Inform: what the customer's device is") {
  Dissected said = request(post(inform));
  CHECK_FALSE(said.malformed);
  CHECK(said.said.size() == 6);
  CHECK(said.one(Field::manufacturer) == "ZTE");
  CHECK(said.one(Field::organization_oui) == "002293");
  CHECK(said.one(Field::product_class) == "F660");
  CHECK(said.one(Field::serial) == "ZTEGC8A01F3E");
  CHECK(said.one(Field::hardware_revision) == "V5.2");
  CHECK(said.one(Field::software_version) == "V5.2.10P4T26");
  for (const Said& one : said.said) CHECK(to_string(one.ip) == "192.0.2.1");
}

TEST_CASE("CWMP Inform: the key that its server gave it") {
  Dissected said = request(post(replaced(inform, "<CommandKey/>", "<CommandKey>K 1</CommandKey>")));
  CHECK_FALSE(said.malformed);
  CHECK(said.said.size() == 7);
  CHECK(said.one(Field::command_key) == "K 1");
}

TEST_CASE("A server's own kind of document is told by its namespace") {
  std::string document =
      "<?xml version=\"1.0\"?>\n<DeviceInfo version=\"2.0\" "
      "xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"><model>DS-1</model></DeviceInfo>";
  Dissected said = response(answer(document));
  CHECK(said.said.size() == 1);
  CHECK(said.one(Field::xml_namespace) == "http://www.hikvision.com/ver20/XMLSchema");
  CHECK_FALSE(said.malformed);
  every_prefix(Protocol::http, ip_packet(80, 50000), text(answer(document)));
  CHECK(response(answer(replaced(description, "root", "feed"))).one(Field::xml_namespace) ==
        "urn:schemas-upnp-org:device-1-0");
  CHECK(request(post(document)).said.empty());
  CHECK(response(answer("<DeviceInfo version=\"2.0\"></DeviceInfo>")).said.empty());
  CHECK(response(answer("<DeviceInfo xmlns=\"http://cut")).said.empty());
}

TEST_CASE("Of a cookie that a server sets only the name is told") {
  Dissected said = response(
      "HTTP/1.1 302 Found\r\nSet-Cookie: SessionID_R3=abc=def; Path=/\r\n"
      "Set-Cookie: none\r\nSet-Cookie: =empty\r\n\r\n");
  CHECK(said.said.size() == 1);
  CHECK(said.one(Field::cookie_name) == "SessionID_R3");
  CHECK(response("HTTP/1.1 200 OK\r\nSet-Cookie: " + std::string(65, 'n') + "=1\r\n\r\n")
            .said.empty());
  CHECK(request("GET / HTTP/1.1\r\nSet-Cookie: a=1\r\nCookie: b=2\r\n\r\n").said.empty());
}

TEST_CASE("Of a cookie the product behind its keys is told, and no key") {
  std::string head =
      "HTTP/1.1 200 OK\r\nServer: HTTP Server 1.0\r\n"
      "Set-Cookie: SESSIONID=9f3a&77&HUAWEI Eudemon1000E&b1; path=/\r\n\r\n";
  Dissected said = response(head);
  CHECK(said.said.size() == 3);
  CHECK(said.one(Field::cookie_name) == "SESSIONID");
  CHECK(said.one(Field::cookie_product) == "HUAWEI Eudemon1000E");
  for (const Said& one : said.said) CHECK_FALSE(one.text.contains("9f3a"));
  every_prefix(Protocol::http, ip_packet(80, 50000), text(head));
  CHECK(request("GET / HTTP/1.1\r\nCookie: SESSIONID=9f3a&77&HUAWEI Eudemon1000E\r\n\r\n")
            .said.empty());
}

TEST_CASE("An HTML page tells the product that its script names") {
  std::string body =
      "<html><head><script>\r\nvar ProductName = 'HG658';\r\n</script></head></html>";
  std::string page =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
      "48\r\n" +
      body + "\r\n0\r\n\r\n";
  Dissected said = response(page);
  CHECK(said.said.size() == 1);
  CHECK(said.one(Field::page_product) == "HG658");
  every_prefix(Protocol::http, ip_packet(80, 50000), text(page));
  CHECK(response("HTTP/1.1 200 OK\r\nContent-Type: text/css\r\n\r\n" + body).said.empty());
  CHECK(request("POST / HTTP/1.1\r\nContent-Type: text/html\r\n\r\n" + body).said.empty());
}

TEST_CASE("An HTML page tells its title and the places that it refers to") {
  std::string page =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
      "<html><head><title>T</title><script src=\"js/a.js?v=1\"></script></head></html>";
  Dissected said = response(page);
  CHECK(said.said.size() == 2);
  CHECK(said.one(Field::title) == "T");
  CHECK(said.one(Field::page_references) == "js/a.js");
  every_prefix(Protocol::http, ip_packet(80, 50000), text(page));
}

TEST_CASE("ONVIF device information: what the camera is") {
  Dissected said = response(answer(information, "application/soap+xml; charset=utf-8"));
  CHECK_FALSE(said.malformed);
  CHECK(said.said.size() == 5);
  CHECK(said.one(Field::manufacturer) == "HIKVISION");
  CHECK(said.one(Field::model) == "DS-2CD2143G2-I");
  CHECK(said.one(Field::software_version) == "V5.7.1 build 211130");
  CHECK(said.one(Field::serial) == "DS-2CD2143G2-I20210528AAWRG12345678");
  CHECK(said.one(Field::hardware_revision) == "88");
}

TEST_CASE("HTTP bodies that only mention a maker say nothing") {
  std::string page =
      "<html><body><device><manufacturer>Huawei</manufacturer></device></body></html>";
  for (const std::string& message :
       {answer(description, "text/html"), answer(page),
        answer(replaced(description, "urn:schemas-upnp-org:device-1-0", "urn:other")),
        answer(inform),
        answer(replaced(information, "GetDeviceInformationResponse", "GetInventoryResponse")),
        replaced(answer(description), "200 OK", "404 No"),
        replaced(answer(description), "\r\n", "\r\nVia: 1.1 x\r\n"),
        replaced(answer(description), "\r\n", "\r\nContent-Encoding: gzip\r\n"), answer("Huawei"),
        answer(""), answer("<"), answer("<!DOCTYPE html><root>"),
        answer("{\"manufacturer\":\"Huawei\"}")}) {
    INFO(message.substr(0, 120));
    CHECK(response(message).said.empty());
    CHECK_FALSE(response(message).malformed);
  }
  for (const std::string& message :
       {post(description), post(information), post(replaced(inform, "cwmp:Inform", "cwmp:Order")),
        replaced(post(inform), "POST /acs", "PUT /acs")}) {
    INFO(message.substr(0, 120));
    CHECK(request(message).said.empty());
  }
}

TEST_CASE("HTTP documents ask for their next segment as long as they can be one") {
  std::string whole = answer(description);
  for (size_t size = 1; size < whole.size(); size += 7) {
    INFO(size);
    CHECK(response_wants_more(whole.substr(0, size)));
    CHECK_FALSE(response(whole.substr(0, size)).malformed);
  }
  CHECK_FALSE(response_wants_more(whole));
  CHECK_FALSE(response_wants_more(answer("<html><body>")));
  CHECK_FALSE(response_wants_more(answer(std::string(2000, ' '))));
  std::string other =
      answer(replaced(information, "GetDeviceInformationResponse", "GetUsersResponse"));
  CHECK_FALSE(response_wants_more(other.substr(0, other.size() - 40)));
}

TEST_CASE("HTTP documents that break off, facts before the fault stay") {
  Dissected said = response(answer(description.substr(0, description.find("<modelDescription>"))));
  CHECK(said.malformed);
  CHECK(said.said.size() == 2);
  CHECK(said.one(Field::manufacturer) == "Huawei");
  CHECK(response(answer(replaced(description, "</friendlyName>", "</x>"))).malformed);
  std::string nested = "<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device>";
  for (int i = 0; i < 100'000; ++i) nested += "<a>";
  CHECK(response(answer(nested)).malformed);
}

TEST_CASE("HTTP documents cut anywhere") {
  every_prefix(Protocol::http, ip_packet(80, 50000), text(answer(description)));
  every_prefix(Protocol::http, ip_packet(50000, 7547), text(post(inform)));
  every_prefix(Protocol::http, ip_packet(80, 50000), text(answer(information)));
}

TEST_CASE("HTTP cut anywhere") {
  every_prefix(Protocol::http, ip_packet(80, 50000), text(camera));
  every_prefix(Protocol::http, ip_packet(50000, 80),
               text("GET / HTTP/1.1\r\nUser-Agent: a\r\n\r\n"));
}

namespace {

std::string icon(std::string_view headers, size_t size = 200) {
  std::string body;
  for (size_t i = 0; i < size; ++i) body += static_cast<char>(i * 7);
  return "HTTP/1.1 200 OK\r\nContent-Type: image/x-icon\r\n" + std::string(headers) + "\r\n" + body;
}

}  // namespace

TEST_CASE("HTTP response: the number of an icon, of the whole of it alone") {
  // Numbers computed apart from the code, with Python.
  Dissected result = response(icon("Content-Length: 200\r\n"));
  CHECK(result.said.size() == 2);
  CHECK(result.one(Field::favicon_hash) == "-678414896");
  CHECK(result.one(Field::favicon_md5) == "d96c89b9da43f6903ceaa14a7166a22e");
  CHECK_FALSE(result.malformed);
  CHECK(response(icon("Content-Length: 200\r\n", 199)).said.empty());
  CHECK(response(icon("Content-Length: 200\r\n", 199)).wants_more);
  for (std::string_view headers :
       {"", "Content-Length: 0\r\n", "Content-Length: x\r\n",
        "Content-Length: 200\r\nContent-Encoding: gzip\r\n",
        "Content-Length: 200\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 99999999\r\n"}) {
    INFO(headers);
    CHECK(response(icon(headers)).said.empty());
    CHECK_FALSE(response(icon(headers)).wants_more);
    CHECK_FALSE(response(icon(headers)).malformed);
  }
  std::string picture = icon("Content-Length: 200\r\n");
  picture.replace(picture.find("x-icon"), 6, "png");
  CHECK(response(picture).said.empty());
}
