// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected sip(std::string_view message) {
  return dissect(Protocol::sip, ip_packet(5060, 5060), text(message));
}

constexpr std::string_view registration =
    "REGISTER sip:example.org SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1\r\n"
    "From: <sip:100@example.org>;tag=1\r\n"
    "CSeq: 1 REGISTER\r\n"
    "Contact: <sip:100@192.0.2.1:5060>\r\n"
    "User-Agent: Huawei-EchoLife HG8245/V100R002\r\n"
    "\r\nUser-Agent: body\r\n";

std::string answer(std::string_view method, std::string_view contact) {
  return "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b\r\nCSeq: 1 " +
         std::string(method) + "\r\nContact: " + std::string(contact) +
         "\r\nServer: Huawei SoftX3000 V300R010\r\n\r\n";
}

}  // namespace

TEST_CASE("SIP request: what the user agent says it is") {
  Dissected result = sip(registration);
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::user_agent) == "Huawei-EchoLife HG8245/V100R002");
  CHECK(to_string(result.said[0].ip) == "192.0.2.1");
  CHECK_FALSE(result.malformed);
  CHECK(sip("INVITE sip:x SIP/2.0\r\nv: SIP/2.0/UDP a\r\nUser-Agent: x\r\n\r\n").said.size() == 1);
}

TEST_CASE("SIP request that a proxy passed on says nothing of the proxy") {
  CHECK(sip("INVITE sip:x SIP/2.0\r\nVia: a\r\nv: b\r\nUser-Agent: x\r\n\r\n").said.empty());
  CHECK(sip("INVITE sip:x SIP/2.0\r\nVia: a, b\r\nUser-Agent: x\r\n\r\n").said.empty());
}

TEST_CASE("SIP response: of the sender, unless its contact is elsewhere") {
  CHECK(sip(answer("INVITE", "<sip:1@192.0.2.1>")).one(Field::server) ==
        "Huawei SoftX3000 V300R010");
  CHECK(sip(answer("INVITE", "<sip:1@192.0.2.9:5060;transport=udp>")).said.empty());
  CHECK(sip(answer("INVITE", "\"A\" <sips:192.0.2.9>")).said.empty());
  CHECK(sip(answer("INVITE", "<sip:1@[2001:db8::9]:5060>")).said.empty());
  CHECK(sip(answer("INVITE", "<sip:1@name.example>")).said.size() == 1);
  CHECK(sip(answer("REGISTER", "<sip:1@192.0.2.9>")).said.size() == 1);
  for (std::string_view odd : {"sip", "sip:", "<sip:@>", "<sip:[>", "*", "sip:[::"}) {
    INFO(odd);
    CHECK(sip(answer("INVITE", odd)).said.size() == 1);
  }
}

TEST_CASE("SIP: blank lines, other protocols, bounds") {
  for (std::string_view message :
       {"\r\n\r\n", "", "\r\n", "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", "SIP/3.0 200\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nUser-Agent: x\r\n\r\n", "no line end"}) {
    INFO(message);
    Dissected result = sip(message);
    CHECK(result.said.empty());
    CHECK_FALSE(result.malformed);
  }
  CHECK(sip("\r\n\r\n" + std::string(registration)).said.size() == 1);
  CHECK(sip("SIP/2.0 200 OK\r\nServer: " + std::string(65536, 's') + "\r\n\r\n")
            .one(Field::server)
            .size() == Observation::text_max);
}

TEST_CASE("SIP cut anywhere") {
  every_prefix(Protocol::sip, ip_packet(5060, 5060), text(registration));
  every_prefix(Protocol::sip, ip_packet(5060, 5060), text(answer("INVITE", "<sip:1@192.0.2.1>")));
}
