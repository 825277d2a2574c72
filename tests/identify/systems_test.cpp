// SPDX-License-Identifier: Apache-2.0
#include "identify/systems.hpp"

#include <string>

#include "support/catch.hpp"

using namespace tapwarden;

TEST_CASE("A browser or a system's own service names its system", "[systems]") {
  for (const char* text :
       {"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36", "Microsoft-CryptoAPI/10.0",
        "Windows-Update-Agent/10.0.10011", "Microsoft NCSI"}) {
    INFO(text);
    CHECK(system_of_user_agent(text) == "Windows");
  }
  for (const char* text :
       {"Mozilla/5.0 (iPhone; CPU iPhone OS 9_1 like Mac OS X)", "Mozilla/5.0 (iPad; U)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.11)", "Maps/1.0 CFNetwork/808 Darwin/16.0.0",
        "CaptiveNetworkSupport-346 wispr"}) {
    INFO(text);
    CHECK(system_of_user_agent(text) == "Apple");
  }
  for (const char* text : {"Mozilla/5.0 (Linux; Android 9; SM-G960F)", "Dalvik/2.1.0 (Linux; U)",
                           "Mozilla/5.0 (X11; Linux x86_64)", "Debian APT-HTTP/1.3 (1.0.9.8)",
                           "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:15.0)"}) {
    INFO(text);
    CHECK(system_of_user_agent(text) == "Linux");
  }
}

TEST_CASE("What any program may call itself names no system", "[systems]") {
  for (const char* text :
       {"", "Mozilla/5.0 (", "Mozilla/5.0", "curl/8.0",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; Linux; Android)", "Windows", "iPhone",
        "app (Windows NT 10.0)", "Mozilla/5.0 (X11; CrOS x86_64)", "a CFNetwork/1", "Darwin/1",
        "Mozilla/5.0 (Windows Phone 10.0; Android 4.2.1)"}) {
    INFO(text);
    CHECK(system_of_user_agent(text) == "");
  }
}

TEST_CASE("A hop limit's start value", "[systems]") {
  CHECK(start_of_hop_limit("63 of 64") == "hop limit 64");
  CHECK(start_of_hop_limit("128 of 128") == "hop limit 128");
  CHECK(start_of_hop_limit("250 of 255") == "hop limit 255");
  for (const char* text : {"", "64", "63 of 65", "63 of ", "63 of 64 ", " of "}) {
    INFO(text);
    CHECK(start_of_hop_limit(text) == "");
  }
}
