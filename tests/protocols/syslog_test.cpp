// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected syslog(std::string_view message) {
  return dissect(Protocol::syslog, ip_packet(50000, 514), text(message));
}
std::string tag(std::string_view message) {
  Dissected result = syslog(message);
  CHECK_FALSE(result.malformed);
  CHECK(result.said.size() <= 1);
  return result.one(Field::message);
}

constexpr std::string_view login =
    "<189>Jan  1 2030 00:00:00 core-7 %%01SHELL/5/CMDRECORD(l)[12]:Recorded command information. "
    "(User=admin, Command=\"display\")";

}  // namespace

TEST_CASE("Syslog: the tag of network equipment and nothing else") {
  CHECK(tag(login) == "%%01SHELL/5/CMDRECORD");
  CHECK(tag("<189>Jan  1 00:00:00 2030 sw %%10SHELL/5/SHELL_LOGIN: -DevIP=x; admin logged in") ==
        "%%10SHELL/5/SHELL_LOGIN");
  CHECK(tag("<189>12: *Mar  1: %SYS-5-CONFIG_I: Configured") == "%SYS-5-CONFIG_I");
  CHECK(tag("<1>100% of it %LINK-3-UPDOWN: x") == "%LINK-3-UPDOWN");
}

TEST_CASE("Syslog: of the text behind the tag the notification alone") {
  auto notification = [](std::string_view body) {
    Dissected result =
        syslog("<188>Nov 23 19:27:15 2026 sw %%10SHELL/4/LOGOUT(t):   " + std::string(body));
    CHECK_FALSE(result.malformed);
    CHECK(result.one(Field::message) == "%%10SHELL/4/LOGOUT");
    CHECK(result.said.size() <= 2);
    return result.one(Field::notification);
  };
  CHECK(notification("Trap 1.3.6.1.4.1.25506.2.2.1.1.3.0.2<hh3cLogOut>: admin left VTY") ==
        "1.3.6.1.4.1.25506.2.2.1.1.3.0.2<hh3cLogOut>");
  CHECK(notification("AP detected :1.3.6.1.4.1.25506.2.75.2.3.0.8<hh3cDot11A> x") ==
        "1.3.6.1.4.1.25506.2.75.2.3.0.8<hh3cDot11A>");
  for (std::string_view body :
       {"", "admin left", "1.3.6.1.4.1.25506", "1.3.6.1.4.1.25506<", "1.3.6.1.4.1.25506<>",
        "1.3.6.1.4.1.25506<a b>", "1.3.6.1.4.1.25506 <hh3cLogOut>", "1.3.6.1.4.1.x<hh3cLogOut>",
        "11.3.6.1.4.1.25506<hh3cLogOut>", ".1.3.6.1.4.1.25506<hh3cLogOut>", "1.3.6.1.2.1<linkDown>",
        "1.3.6.1.4.1.9>password<x>"}) {
    INFO(body);
    CHECK(notification(body) == "");
  }
  CHECK(notification("1.3.6.1.4.1.9<" + std::string(100, 'a') + ">") == "");
  CHECK(notification(std::string(200, 'x') + " 1.3.6.1.4.1.25506.1<hh3cLogOut>") == "");
  CHECK(syslog("<188>log: 1.3.6.1.4.1.25506.2<hh3cLogOut>").said.empty());
  every_prefix(Protocol::syslog, ip_packet(50000, 514),
               text("<1>%%10SHELL/4/LOGOUT: 1.3.6.1.4.1.25506.2<hh3cLogOut>"));
}

TEST_CASE("Syslog without such a tag says nothing") {
  for (std::string_view message :
       {"<30>Jan  1 00:00:00 host cron[1]: 100% done", "<1>", "<34>1 2030-01-01T00:00:00Z h a - -",
        "<1>%%%01AB/1/B2:", "<1>%%01AB/8/CDE:", "<1>%%01AB/5-CDE:", "<1>%%01AB/5/C:",
        "<1>%%01AB/5/:", "<1>%%01AB/5", "<1>%", "<1>%%", "<1>%AB CD",
        "<14>log: seen %%01SHELL/5/LOGIN from x", "<14>log: %%01SHELL/5/LOGIN"}) {
    INFO(message);
    CHECK(tag(message) == "");
  }
  CHECK(tag("<1>%%01" + std::string(100, 'A') + "/5/BRIEF:") == "");
  CHECK(tag("<1>" + std::string(300, 'x') + "%SYS-5-CONFIG_I:") == "");
  CHECK(tag("<1>" + std::string(65536, '%')) == "");
}

TEST_CASE("Syslog refuses what has no priority") {
  for (std::string_view message :
       {"", "%%01SHELL/5/CMDRECORD", "<", "<>", "<1", "<x>", "<12345>"}) {
    INFO(message);
    CHECK(syslog(message).malformed);
    CHECK(syslog(message).said.empty());
  }
}

TEST_CASE("Syslog cut anywhere") {
  every_prefix(Protocol::syslog, ip_packet(50000, 514), text(login));
}
