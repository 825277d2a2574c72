// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

Dissected from_server(const Octets& stream) {
  return dissect(Protocol::telnet, ip_packet(23, 50000), stream);
}
Texts banner(const Octets& stream) {
  Dissected result = from_server(stream);
  CHECK_FALSE(result.malformed);
  CHECK(result.said.size() == result.all(Field::banner).size());
  return result.all(Field::banner);
}

const Octets options = hex("fffb01 fffd18 fffa18014142fff0 fff1");
const Octets greeting = options +
                        text(
                            "\r\n******************************\r\n"
                            "* Copyright(C) 2008-2015 Huawei Technologies Co., Ltd.\x1b[0m *\r\n"
                            "* Without the owner's prior written consent, *\r\n\r\n"
                            "Login authentication\r\n\r\nUsername:") +
                        text("admin\r\nPassword:\r\nWelcome back admin\r\n<core-7>");

}  // namespace

TEST_CASE("Telnet: the server's lines up to the first prompt") {
  CHECK(banner(greeting) == Texts{"* Copyright(C) 2008-2015 Huawei Technologies Co., Ltd. *",
                                  "* Without the owner's prior written consent, *",
                                  "Login authentication", "Username:"});
  CHECK(banner(text("\r\n192.0.0.64 login: root\r\n")) == Texts{"192.0.0.64 login:"});
  CHECK(banner(text("F660 Login :x\r\nsecret\r\n")) == Texts{"F660 Login :"});
  CHECK(banner(text("Last LOGIN:\nsecret\n")) == Texts{"Last LOGIN:"});
}

TEST_CASE("Telnet: a client says nothing") {
  CHECK(dissect(Protocol::telnet, ip_packet(50000, 23), greeting).said.empty());
}

TEST_CASE("Telnet options and terminal sequences are no text") {
  CHECK(banner(hex("fffb01") + text("ab") + hex("fffd03") + text("cd\n")) == Texts{"abcd"});
  CHECK(banner(text("\x1b[2J\x1b[1;1HHello\x1b[31m there\r\n")) == Texts{"Hello there"});
  CHECK(banner(text("\x1b") + text("ABC\r\n")) == Texts{"ABC"});
  CHECK(banner(hex("00") + text("a\r") + hex("00") + text("Hello\r\n")) == Texts{"Hello"});
  CHECK(banner(options).empty());
  CHECK(banner(text("******\r\n--\r\n 12 \r\n")).empty());
}

TEST_CASE("Telnet cut in an option, and without an end") {
  for (std::string_view tail :
       {"ff", "fffb", "fffa", "fffa18", "fffa18ff", "1b", "1b5b", "1b5b32"}) {
    INFO(tail);
    CHECK(from_server(text("Hello\r\n") + hex(tail)).said.size() == 1);
  }
  CHECK(banner(text("Hello")).empty());  // the line may go on
  CHECK(banner(text(std::string(65536, 'x'))).empty());
  std::string many;
  for (int i = 0; i < 100; ++i) many += "line\r\n";
  CHECK(banner(text(many)).size() == 12);
  CHECK(banner(text(std::string(1000, 'x') + "\n"))[0].size() == Observation::text_max);
}

TEST_CASE("Telnet cut anywhere") { every_prefix(Protocol::telnet, ip_packet(23, 50000), greeting); }
