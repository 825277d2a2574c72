// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

Dissected said(Protocol protocol, uint16_t source, uint16_t target, std::string_view message) {
  return dissect(protocol, ip_packet(source, target), text(message));
}
void check_silent(const Dissected& result) {
  CHECK(result.said.empty());
  CHECK_FALSE(result.malformed);
}
Dissected ftp(std::string_view message) { return said(Protocol::ftp, 21, 50000, message); }

}  // namespace

TEST_CASE("FTP: a server's greeting of one line or several") {
  Dissected one = ftp("220 TP-LINK FTP version 1.0 ready\r\n331 Password required for bob\r\n");
  REQUIRE(one.said.size() == 1);
  CHECK(one.one(Field::banner) == "220 TP-LINK FTP version 1.0 ready");
  CHECK(to_string(one.said[0].ip) == "192.0.2.1");
  Dissected several = ftp("220-Welcome\r\n220-to\r\n  this server\r\n220 now\r\n230 bob\r\n");
  CHECK(several.all(Field::banner) == Texts{"220-Welcome", "220-to", "this server", "220 now"});
  CHECK(ftp("120 wait\r\n").one(Field::banner) == "120 wait");
}

TEST_CASE("FTP: what is no greeting, or a client's, says nothing") {
  check_silent(said(Protocol::ftp, 50000, 21, "220 x\r\n"));
  check_silent(ftp("331 Password required for bob\r\n"));
  check_silent(ftp("220\r\n"));
  check_silent(ftp("SSH-2.0-x\r\n"));
  check_silent(ftp("220 no end of line"));
  check_silent(ftp(""));
  CHECK(ftp("220 a\x1b[2J\r\n").malformed);
  CHECK(ftp("220 " + std::string(600, 'x')).malformed);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "220-x\r\n";
  CHECK(ftp(many).said.size() == 8);
}

TEST_CASE("SMTP: a server's greeting without its time, a client's name") {
  Dissected server = said(Protocol::smtp, 25, 50000,
                          "220 mx.example ESMTP Sendmail 8.14; Tue, 1 Jan 2030 00:00:00\r\n");
  REQUIRE(server.said.size() == 1);
  CHECK(server.one(Field::banner) == "220 mx.example ESMTP Sendmail 8.14");
  Dissected client = said(Protocol::smtp, 50000, 25, "EHLO camera-7\r\nMAIL FROM:<a@example>\r\n");
  REQUIRE(client.said.size() == 1);
  CHECK(client.one(Field::host_name) == "camera-7");
  CHECK(said(Protocol::smtp, 50000, 587, "helo nvr.example x\r\n").one(Field::host_name) ==
        "nvr.example");
  for (std::string_view nameless :
       {"EHLO [192.0.2.1]\r\n", "EHLO 192.0.2.1\r\n", "EHLO localhost.localdomain\r\n", "EHLO \r\n",
        "EHLO\r\n", "MAIL FROM:<a@example>\r\n", "EHLO cut", "220 x\r\n"}) {
    INFO(nameless);
    check_silent(said(Protocol::smtp, 50000, 25, nameless));
  }
  check_silent(said(Protocol::smtp, 25, 50000, "250 ok\r\n"));
}

TEST_CASE("IMAP and POP3: a server's greeting") {
  CHECK(said(Protocol::imap, 143, 50000, "* OK Dovecot ready.\r\n* OK x\r\n").one(Field::banner) ==
        "* OK Dovecot ready.");
  check_silent(said(Protocol::imap, 50000, 143, "a1 LOGIN bob s3cret\r\n"));
  check_silent(said(Protocol::imap, 143, 50000, "* BYE\r\n"));
  CHECK(said(Protocol::pop3, 110, 50000, "+OK POP3 ready <1.2@mx>\r\n").one(Field::banner) ==
        "+OK POP3 ready");
  check_silent(said(Protocol::pop3, 50000, 110, "PASS s3cret\r\n"));
  check_silent(said(Protocol::pop3, 110, 50000, "-ERR no\r\n"));
}

TEST_CASE("MySQL: the version in a server's greeting") {
  auto mysql = [](const Octets& message) {
    return dissect(Protocol::mysql, ip_packet(3306, 50000), message);
  };
  Octets greeting = hex("4a0000 00 0a") + text("5.7.30-log") + hex("00 01000000") + Octets(60);
  Dissected result = mysql(greeting);
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::banner) == "5.7.30-log");
  check_silent(mysql(hex("4a0000 00 ff") + text("Host is blocked")));
  check_silent(mysql(hex("4a0000 01 0a") + text("5.7") + hex("00")));
  check_silent(mysql(hex("4a000000")));
  CHECK(mysql(hex("020000000a") + text("5.7.30") + hex("00")).malformed);
  CHECK(mysql(hex("4a0000000a") + Octets(200, 'x')).malformed);
  CHECK(mysql(hex("4a0000000a1b00")).malformed);
  check_silent(dissect(Protocol::mysql, ip_packet(50000, 3306), greeting));
  every_prefix(Protocol::mysql, ip_packet(3306, 50000), greeting);
}

TEST_CASE("VNC: the version with which a server opens") {
  CHECK(said(Protocol::vnc, 5900, 50000, "RFB 003.889\n").one(Field::banner) == "RFB 003.889");
  check_silent(said(Protocol::vnc, 50000, 5900, "RFB 003.008\n"));
  CHECK(said(Protocol::vnc, 5901, 1329, "RFB 003.008\n").one(Field::banner) == "RFB 003.008");
  check_silent(said(Protocol::vnc, 1329, 5901, "RFB 003.003\n"));
  check_silent(said(Protocol::vnc, 5900, 50000, "RFB 003."));
  CHECK(said(Protocol::vnc, 5900, 50000, "RFB 0x3.008\n").malformed);
}

TEST_CASE("Greetings cut anywhere") {
  every_prefix(Protocol::ftp, ip_packet(21, 50000), text("220-a\r\nb\r\n220 c\r\n"));
  every_prefix(Protocol::smtp, ip_packet(25, 50000), text("220 mx ESMTP\r\n"));
  every_prefix(Protocol::smtp, ip_packet(50000, 25), text("EHLO nvr\r\n"));
  every_prefix(Protocol::imap, ip_packet(143, 50000), text("* OK ready\r\n"));
  every_prefix(Protocol::pop3, ip_packet(110, 50000), text("+OK ready\r\n"));
  every_prefix(Protocol::vnc, ip_packet(5900, 50000), text("RFB 003.008\n"));
}
