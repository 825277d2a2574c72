// SPDX-License-Identifier: Apache-2.0
// Requests made from public descriptions of what apps send.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr std::string_view heads =
    " HTTP/1.1\r\nCSeq: 1\r\nAuthorization: WSSE profile=\"UsernameToken\"\r\n"
    "X-WSSE: UsernameToken Username=\"u\", PasswordDigest=\"c2VjcmV0\", Nonce=\"1\"\r\n\r\n";

Dissected asked(std::string_view line) {
  return dissect(Protocol::dahua_p2p, ip_packet(50000, 8800),
                 text(std::string(line) + std::string(heads)));
}
std::string message(std::string_view line) {
  Dissected said = asked(line);
  CHECK_FALSE(said.malformed);
  CHECK(said.said.size() <= 1);
  return said.one(Field::message);
}

}  // namespace

TEST_CASE("A request to the cloud says what it asks for and never for whom") {
  CHECK(message("DHGET /probe/p2psrv") == "DHGET /probe/p2psrv");
  CHECK(message("DHGET /online/p2psrv/6G0A1B2PAZ9D8E7") == "DHGET /online/p2psrv");
  CHECK(message("DHGET /info/device/6G0A1B2PAZ9D8E7") == "DHGET /info/device");
  CHECK(message("DHPOST /device/6G0A1B2PAZ9D8E7/p2p-channel") == "DHPOST /device/p2p-channel");
  CHECK(message("DHGET /relay/start/3f2a9c") == "DHGET /relay");
  CHECK(message("DHGET /online/secret?token=1") == "DHGET /online");
  CHECK(to_string(asked("DHGET /probe/p2psrv").said.at(0).ip) == "192.0.2.1");
  every_prefix(Protocol::dahua_p2p, ip_packet(50000, 8800),
               text("DHPOST /device/6G0A1B2PAZ9D8E7/p2p-channel" + std::string(heads)));
}

TEST_CASE("What is no such request says nothing") {
  for (std::string_view line : {"GET /probe/p2psrv", "DHPUT /probe/p2psrv", "DHGET probe/p2psrv",
                                "DHGET /", "DHGET //probe", "DHGET /6G0A1B2PAZ9D8E7/device",
                                "DHGET /Probe/p2psrv", "DHGET", "DHGET  /probe", ""}) {
    INFO(line);
    CHECK(message(line) == "");
  }
  for (std::string_view whole :
       {"DHGET /probe/p2psrv HTTP/1.1", "DHGET /probe/p2psrv\r\n",
        "DHGET /probe/p2psrv SIP/2.0\r\n", "HTTP/1.1 200 OK\r\n\r\n", ""}) {
    INFO(whole);
    CHECK(dissect(Protocol::dahua_p2p, ip_packet(50000, 8800), text(whole)).said.empty());
  }
  std::string endless = "DHGET /probe";
  for (int i = 0; i < 5000; ++i) endless += "/device";
  CHECK(message(endless) == "DHGET /probe/device/device/device");
  CHECK(message("DHGET /probe" + std::string(65000, '/')) == "DHGET /probe");
}

TEST_CASE("Such a request is known by its content, whatever the port, and on UDP alone") {
  Octets request = text("DHGET /probe/p2psrv" + std::string(heads));
  Told told;
  told(ethernet(0x0800, ipv4(17, udp(50000, 9000, request))));
  CHECK(told.facts == std::vector<std::string>{"DHGET /probe/p2psrv"});
  told(ethernet(0x0800, ipv4(17, udp(50000, 8800, text("HTTP/1.1 200 OK\r\nCSeq: 1\r\n\r\n")))));
  CHECK(told.facts.size() == 1);
}
