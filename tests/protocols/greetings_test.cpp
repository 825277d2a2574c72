// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"
#include "support/shared.hpp"
#include "support/tls.hpp"

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

namespace {

/// TLS stands behind what was said before, and is read.
void check_client_tls(Protocol protocol, uint16_t port, const Octets& before) {
  Dissected result = dissect(protocol, ip_packet(50000, port), before + tls_client_hello());
  INFO(to_string(protocol));
  CHECK(result.inner == Protocol::tls);
  CHECK(result.one(Field::server_name) == "a.example");
  CHECK(result.one(Field::ja4) == tls_client_ja4);
  CHECK_FALSE(result.malformed);
  CHECK(dissect(protocol, ip_packet(50000, port), before).wants_more);
  every_prefix(protocol, ip_packet(50000, port), before + tls_client_hello());
}
void check_server_tls(Protocol protocol, uint16_t port, const Octets& before) {
  Dissected result = dissect(protocol, ip_packet(port, 50000), before + tls_server_hello());
  INFO(to_string(protocol));
  CHECK(result.inner == Protocol::tls);
  CHECK(result.one(Field::certificate_subject) == "CN=x");
  CHECK_FALSE(result.malformed);
  CHECK(dissect(protocol, ip_packet(port, 50000), before).wants_more);
  every_prefix(protocol, ip_packet(port, 50000), before + tls_server_hello());
}
/// Nothing more is waited for: what is known can be told.
void check_done(Protocol protocol, uint16_t source, uint16_t target, std::string_view message) {
  Dissected result = said(protocol, source, target, message);
  INFO(message);
  CHECK_FALSE(result.wants_more);
  CHECK(result.inner == Protocol::ethernet);
  CHECK_FALSE(result.malformed);
}

}  // namespace

TEST_CASE("TLS behind the clear text of SMTP, IMAP, POP3 and FTP") {
  check_client_tls(Protocol::smtp, 25, text("EHLO nvr\r\nSTARTTLS\r\n"));
  check_server_tls(Protocol::smtp, 25,
                   text("220 mx ESMTP\r\n250-mx\r\n250-STARTTLS\r\n250 OK\r\n220 ready\r\n"));
  check_client_tls(Protocol::imap, 143, text("a1 CAPABILITY\r\na2 STARTTLS\r\n"));
  check_server_tls(
      Protocol::imap, 143,
      text("* OK ready\r\n* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\na2 OK\r\n"));
  check_client_tls(Protocol::pop3, 110, text("CAPA\r\nSTLS\r\n"));
  check_server_tls(Protocol::pop3, 110, text("+OK ready\r\n+OK list\r\nSTLS\r\n.\r\n+OK go\r\n"));
  check_client_tls(Protocol::ftp, 21, text("AUTH TLS\r\n"));
  check_client_tls(Protocol::ftp, 21, text("AUTH SSL\r\nauth tls\r\n"));
  check_server_tls(Protocol::ftp, 21,
                   text("220 ready\r\n211-Features:\r\n AUTH TLS\r\n211 end\r\n234 go\r\n"));
}

TEST_CASE("A session that stays clear is told without waiting for TLS") {
  check_done(Protocol::smtp, 50000, 25, "EHLO nvr\r\nMAIL FROM:<a@example>\r\n");
  check_done(Protocol::smtp, 25, 50000, "220 mx\r\n250 ok\r\n354 go on\r\n");
  check_done(Protocol::imap, 50000, 143, "a1 LOGIN bob s3cret\r\n");
  check_done(Protocol::imap, 143, 50000, "* OK ready\r\na1 OK in\r\n* 3 EXISTS\r\n");
  check_done(Protocol::pop3, 50000, 110, "USER bob\r\n");
  check_done(Protocol::pop3, 110, 50000, "+OK a\r\n+OK b\r\n+OK c\r\n+OK d\r\n+OK e\r\n");
  check_done(Protocol::ftp, 50000, 21, "USER bob\r\n");
  check_done(Protocol::ftp, 21, 50000, "220 ready\r\n331 password\r\n");
  // What is no line, and more lines than there is patience for.
  check_done(Protocol::smtp, 50000, 25, "EHLO nvr\r\n\x80\x01\x02");
  std::string many = "220 mx\r\n";
  for (int i = 0; i < 80; ++i) many += "250-x\r\n";
  check_done(Protocol::smtp, 25, 50000, many);
  check_done(Protocol::smtp, 25, 50000, "220 mx\r\n250-" + std::string(4000, 'x'));
}

TEST_CASE("TLS behind MySQL's greeting") {
  Octets body = hex("0a") + text("8.0.32") + hex("00") + Octets(50);
  Octets greeting = Octets{static_cast<uint8_t>(body.size()), 0, 0, 0} + body;
  check_server_tls(Protocol::mysql, 3306, greeting);
  Octets request = hex("200000 01 8dae0f00 00000001 ff") + Octets(23);
  check_client_tls(Protocol::mysql, 3306, request);
  Octets plain = hex("200000 01 8da60f00 00000001 ff") + Octets(23) + tls_client_hello();
  CHECK(dissect(Protocol::mysql, ip_packet(50000, 3306), plain).inner == Protocol::ethernet);
  check_done(Protocol::mysql, 50000, 3306, std::string_view("\x54\0\0\1login", 9));
}

TEST_CASE("TLS behind clear text in captures by other people") {
  // As tshark 4.0 reads them, but for TLS behind RDP and PostgreSQL, which it does not look for.
  const std::pair<const char*, std::vector<std::string>> seen[] = {
      {"zeek__zeek/testing/btest/Traces/tls/smtp-starttls.pcap",
       {"smtp host_name openssl.client.net",
        "smtp banner 220 mx.google.com ESMTP hf10si4097299icc.190 - gsmtp",
        "tls certificate_subject CN=mx.google.com, O=Google Inc, L=Mountain View, ST=California, "
        "C=US",
        "tls certificate_host aspmx.l.google.com"}},
      {"zeek__zeek/testing/btest/Traces/tls/pop3-starttls.pcap",
       {"pop3 banner +OK ladymacbeth.local Cyrus POP3 v2.3.16 server ready",
        "tls certificate_subject CN=chimaera.lilawelt.de, OU=Servers, O=Lilawelt, L=Munich, C=DE"}},
      {"arkime__arkime/tests/pcap/mysql-tls.pcap",
       {"mysql banner 5.7.16",
        "tls certificate_subject CN=MySQL_Server_5.7.12_Auto_Generated_Server_Certificate"}},
      {"OISF__suricata-verify/tests/ldap-starttls/input.pcap",
       {"tls certificate_subject CN=LDAP SSL test"}},
      {"zeek__zeek/testing/btest/Traces/ldap/krb5-sign-seal-01.pcap",
       {"ldap fqdn w2k3-101.w2k3.vmnet1.vm.base"}},
      {"zeek__zeek/testing/btest/Traces/rdp/rdp-to-ssl.pcap",
       {"rdp security_protocol credssp", "tls certificate_subject CN=WIN2K8R2.awakecoding.ath.cx"}},
      {"zeek__zeek/testing/btest/Traces/rdp/rdp-x509.pcap",
       {"rdp security_protocol rdp", "rdp host_name JOHN-PC-LAPTOP"}},
      {"zeek__zeek/testing/btest/Traces/postgresql/psql-select-now.pcap",
       {"postgresql user_agent psql", "postgresql banner 14.5 (Debian 14.5-1.pgdg110+1)"}},
      {"zeek__zeek/testing/btest/Traces/postgresql/psql-login-fail.pcap",
       {"postgresql message 28P01 auth.c:323 auth_failed"}},
      {"zeek__zeek/testing/btest/Traces/postgresql/psql-aws-ssl-require.pcap",
       {"tls certificate_issuer CN=Amazon RDS us-east-1 2019 CA, OU=Amazon RDS, O=Amazon Web "
        "Services\\, Inc., L=Seattle, ST=Washington, C=US"}},
      // The example of JA4's definition, from the client that it was taken of.
      {"OISF__suricata-verify/tests/ja4-rules-disabled/input.pcap",
       {"tls ja4 t13d1516h2_8daaf6152771_e5627efa2ab1"}}};
  for (const auto& [file, expected] : seen) {
    auto facts = shared_facts(file);
    if (!facts) continue;
    for (const std::string& fact : expected) {
      INFO(file << ": " << fact);
      CHECK(facts->contains(fact));
    }
  }
}
