// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

// SSH-2.0-OpenSSH_6.7p1 Debian-3, as a server sent it
const Octets server = hex("5353482d322e302d4f70656e5353485f362e3770312044656269616e2d330d0a");
// SSH-2.0-OpenSSH_6.2, as its client did
const Octets client = hex("5353482d322e302d4f70656e5353485f362e320d0a");

Dissected ssh(uint16_t source_port, uint16_t target_port, const Octets& message) {
  return dissect(Protocol::ssh, ip_packet(source_port, target_port), message);
}

void check_refused(const Octets& message) {
  Dissected result = ssh(22, 50000, message);
  CHECK(result.said.empty());
  CHECK(result.malformed);
}

}  // namespace

TEST_CASE("SSH tells a server's line from a client's by the ports") {
  Dissected answer = ssh(22, 55470, server);
  REQUIRE(answer.said.size() == 1);
  CHECK(answer.one(Field::banner) == "SSH-2.0-OpenSSH_6.7p1 Debian-3");
  CHECK(to_string(answer.said[0].ip) == "192.0.2.1");
  CHECK_FALSE(answer.malformed);

  Dissected call = ssh(55470, 22, client);
  REQUIRE(call.said.size() == 1);
  CHECK(call.one(Field::client_banner) == "SSH-2.0-OpenSSH_6.2");
  CHECK_FALSE(call.malformed);

  CHECK(ssh(8000, 58496, server).one(Field::banner) == "SSH-2.0-OpenSSH_6.7p1 Debian-3");
  CHECK(ssh(58496, 8000, client).one(Field::client_banner) == "SSH-2.0-OpenSSH_6.2");
  // The port of SSH decides against a lower one.
  CHECK(ssh(22, 20, server).all(Field::banner).size() == 1);
  CHECK(ssh(20, 22, client).all(Field::client_banner).size() == 1);
}

TEST_CASE("SSH reads the identification line and nothing behind it") {
  Dissected result = ssh(22, 50000, text("SSH-2.0-Comware-7.1.045\r\nSSH-2.0-other\r\n\x01\x02"));
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::banner) == "SSH-2.0-Comware-7.1.045");

  CHECK(ssh(22, 50000, text("SSH-1.99--\n")).one(Field::banner) == "SSH-1.99--");
  CHECK(ssh(22, 50000, text("SSH-2.0-a gr\xc3\xbc\xc3\x9f\r\n")).one(Field::banner) ==
        "SSH-2.0-a gr\xc3\xbc\xc3\x9f");
}

TEST_CASE("SSH takes a line without its end when it is short and printable") {
  CHECK(ssh(22, 50000, text("SSH-2.0-HUAWEI-1.5")).one(Field::banner) == "SSH-2.0-HUAWEI-1.5");
  CHECK(ssh(22, 50000, text("SSH-2.0-HUAWEI-1.5\r")).one(Field::banner) == "SSH-2.0-HUAWEI-1.5");
  check_refused(text("SSH-2.0-\xff\xfe"));
  check_refused(text("SSH-2.0-" + std::string(248, 'x')));
  CHECK(ssh(22, 50000, text("SSH-2.0-" + std::string(247, 'x'))).said.size() == 1);
}

TEST_CASE("SSH refuses what is no identification line") {
  check_refused({});
  check_refused(text("SSH-"));
  check_refused(text("SSH-\r\n"));
  check_refused(text("SSH-2.0\r\n"));
  check_refused(text("SSH-keys-are here\r\n"));
  check_refused(text("ssh-2.0-x\r\n"));
  check_refused(text("HTTP/1.1 200 OK\r\n"));
  check_refused(text("SSH-2.0-") + hex("00") + text("x\r\n"));
  check_refused(text("SSH-2.0-\x1b[2J\r\n"));
  check_refused(text("SSH-2.0-" + std::string(65536, 'x') + "\r\n"));
  // 255 octets with CR and LF are the most.
  CHECK(ssh(22, 50000, text("SSH-2.0-" + std::string(245, 'x') + "\r\n")).said.size() == 1);
  check_refused(text("SSH-2.0-" + std::string(246, 'x') + "\r\n"));
}

TEST_CASE("SSH cut anywhere") {
  every_prefix(Protocol::ssh, ip_packet(22, 50000), server);
  every_prefix(Protocol::ssh, ip_packet(50000, 22), client);
}
