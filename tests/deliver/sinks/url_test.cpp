// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/url.hpp"

#include <stdexcept>

using namespace tapwarden;

namespace {

std::string refusal(std::string_view text) {
  try {
    parse_url(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("A URL is taken apart", "[deliver][sinks]") {
  CHECK(parse_url("http://collector") == Url{false, "collector", 80, "/"});
  CHECK(parse_url("HTTPS://a.example:8088/x/y?z=1") == Url{true, "a.example", 8088, "/x/y?z=1"});
  CHECK(parse_url("https://a?z") == Url{true, "a", 443, "/?z"});
  CHECK(parse_url("http://[2001:db8::1]:65535/") == Url{false, "2001:db8::1", 65535, "/"});
  CHECK(parse_url("http://[::1]") == Url{false, "::1", 80, "/"});
}

TEST_CASE("What is no URL of an output is refused without being repeated", "[deliver][sinks]") {
  for (const char* text : {"",
                           "collector",
                           "://x",
                           "ftp://x",
                           "http:/x",
                           "http://",
                           "http:///x",
                           "http://a b/",
                           "http://a\r\n/",
                           "http://\xc3\xa4/",
                           "http://a:/",
                           "http://a:0/",
                           "http://a:65536/",
                           "http://a:1x/",
                           "http://a:-1/",
                           "http://1::2/",
                           "http://[::1",
                           "http://[]/",
                           "http://[1.2.3.4]/",
                           "http://[fe80::1%eth0]/",
                           "http://[::1]x/",
                           "http://a%41/",
                           "http://a/#f",
                           "http://a<b/"}) {
    INFO(text);
    CHECK(refusal(text) != "taken");
  }
  CHECK(refusal("https://soc:secret@a/") ==
        "user and password have no place in a URL, which is shown in logs");
  CHECK(refusal("https://soc:secret@a:x/").find("secret") == std::string::npos);
  CHECK(refusal("http://" + std::string(254, 'a')) != "taken");
  CHECK(refusal("http://a/" + std::string(2040, 'a')) == "longer than 2048 octets");
}

TEST_CASE("The Host field has brackets and a port where they are needed", "[deliver][sinks]") {
  CHECK(authority(parse_url("http://a:80/")) == "a");
  CHECK(authority(parse_url("https://a:80/")) == "a:80");
  CHECK(authority(parse_url("https://[::1]/")) == "[::1]");
  CHECK(authority(parse_url("http://[::1]:8088/")) == "[::1]:8088");
  CHECK(percent_encoded("a b&c=d`\xc3\xa4~") == "a%20b%26c%3Dd%60%C3%A4~");
}
