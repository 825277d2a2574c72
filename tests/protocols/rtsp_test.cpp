// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected response(std::string_view message) {
  return dissect(Protocol::rtsp, ip_packet(554, 50000), text(message));
}
Dissected request(std::string_view message) {
  return dissect(Protocol::rtsp, ip_packet(50000, 554), text(message));
}
std::string content_base(const std::string& url) {
  Dissected result = response("RTSP/1.0 200 OK\r\nContent-Base: " + url + "\r\n\r\n");
  CHECK(result.said.size() <= 1);
  return result.one(Field::content_base);
}

constexpr std::string_view refusal =
    "RTSP/1.0 401 Unauthorized\r\n"
    "CSeq: 2\r\n"
    "Server: Rtsp Server/3.0\r\n"
    "WWW-Authenticate: Digest realm=\"Login to 4D0D6BA0EF1C1A8E\", nonce=\"n\"\r\n"
    "WWW-Authenticate: Basic realm=\"/\"\r\n"
    "\r\n"
    "Server: body\r\n";
constexpr std::string_view description =
    "DESCRIBE rtsp://192.0.2.2:554/Streaming/Channels/101 RTSP/1.0\r\n"
    "CSeq: 2\r\nUser-Agent: LibVLC/3.0.18 (LIVE555 Streaming Media v2016.11.28)\r\n"
    "Server: no\r\nContent-Base: rtsp://x/y/\r\nAuthorization: Basic YTpi\r\n\r\n";

}  // namespace

TEST_CASE("RTSP response: what a camera says of itself") {
  Dissected result = response(refusal);
  CHECK(result.said.size() == 3);
  CHECK(result.one(Field::server) == "Rtsp Server/3.0");
  CHECK(result.all(Field::realm) == std::vector<std::string>{"Login to 4D0D6BA0EF1C1A8E", "/"});
  CHECK(to_string(result.said[0].ip) == "192.0.2.1");
  CHECK_FALSE(result.malformed);
}

TEST_CASE("RTSP request: what a player says it is") {
  Dissected result = request(description);
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::user_agent) == "LibVLC/3.0.18 (LIVE555 Streaming Media v2016.11.28)");
}

TEST_CASE("RTSP request: the maker's own form of a stream, and nothing else of its address") {
  auto form = [](const std::string& query) {
    Dissected result = request("DESCRIBE rtsp://admin:s3cret@192.0.2.2/cam/realmonitor" + query +
                               " RTSP/1.0\r\nCSeq: 2\r\n\r\n");
    CHECK(result.said.size() <= 1);
    CHECK_FALSE(result.malformed);
    return result.one(Field::stream_protocol);
  };
  CHECK(form("?channel=1&subtype=0&unicast=true&proto=Dahua3") == "Dahua3");
  CHECK(form("?proto=Onvif&password=s3cret") == "Onvif");
  CHECK(form("?channel=1&subtype=0") == "");
  CHECK(form("/proto=Dahua3") == "");
  CHECK(form("?xproto=Dahua3") == "");
  CHECK(form("?proto=") == "");
  CHECK(form("?proto=s3cret!") == "");
  CHECK(form("?proto=abcdefghijklmnopq") == "");
  CHECK(form("?user=x?proto=Dahua3") == "Dahua3");
  every_prefix(Protocol::rtsp, ip_packet(50000, 554),
               text("SETUP rtsp://192.0.2.2/cam?proto=Dahua3 RTSP/1.0\r\nCSeq: 1\r\n\r\n"));
  CHECK(response("RTSP/1.0 200 OK ?proto=Dahua3\r\nCSeq: 2\r\n\r\n").said.empty());
}

TEST_CASE("RTSP path of a stream: never a name, a password or a query") {
  CHECK(content_base("rtsp://192.0.2.1:554/Streaming/Channels/101/") == "/Streaming/Channels/101/");
  CHECK(content_base("rtsp://admin:s3cret@192.0.2.1/cam/realmonitor?channel=1&subtype=0/") ==
        "/cam/realmonitor");
  CHECK(content_base("rtsp://192.0.2.1/user=admin_Password=s3cret_channel=1.sdp") == "");
  CHECK(content_base("rtsp://192.0.2.1/?user=x/y") == "");
  CHECK(content_base("rtsp://192.0.2.1/") == "");
  CHECK(content_base("rtsp://192.0.2.1") == "");
  CHECK(content_base("/relative") == "");
}

TEST_CASE("RTSP: relayed, of other protocols, not whole, hostile") {
  CHECK(response("RTSP/1.0 200 OK\r\nServer: x\r\nVia: RTSP/1.0 proxy\r\n\r\n").said.empty());
  for (std::string_view first : {"HTTP/1.1 200 OK", "RTSP/2.0 200 OK", "RTSP/1.0", "RTSP/1.0 2x0",
                                 "PLAY / HTTP/1.1", "", "$"}) {
    INFO(first);
    Dissected result = request(std::string(first) + "\r\nServer: x\r\nUser-Agent: y\r\n\r\n");
    CHECK(result.said.empty());
    CHECK_FALSE(result.malformed);
  }
  CHECK(response("RTSP/1.0 200 OK\r\nServer: one\r\nUnwhole: tw").one(Field::server) == "one");
  CHECK(response("RTSP/1.0 200 OK\r\nServer: " + std::string(65536, 's') + "\r\n\r\n")
            .one(Field::server)
            .size() == Observation::text_max);
}

TEST_CASE("RTSP cut anywhere") {
  every_prefix(Protocol::rtsp, ip_packet(554, 50000), text(refusal));
  every_prefix(Protocol::rtsp, ip_packet(50000, 554), text(description));
}
