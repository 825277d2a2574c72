// SPDX-License-Identifier: Apache-2.0
// Messages made from the public description of their layout.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets fixed(std::string_view name, size_t size) {
  Octets octets = text(name);
  octets.resize(size);
  return octets;
}

const Octets answer = hex("44480108") + fixed("192.0.2.19", 16) + fixed("255.255.255.0", 16) +
                      fixed("192.0.2.1", 16) + fixed("8.8.8.8", 16) + Octets(16) +
                      hex("00e04c620013 51c5") + fixed("VSTC620019ABCDE", 32) + fixed("IPCAM", 32) +
                      Octets(48, 0x33) + fixed("48.53.64.67", 32) + Octets(256, 0x55);

Dissected said(const Octets& message) {
  return dissect(Protocol::vstarcam, ip_packet(8600, 6801), message);
}

}  // namespace

TEST_CASE("VStarcam: a camera's answer to a search") {
  Dissected camera = said(answer);
  CHECK(camera.said.size() == 6);
  CHECK(camera.one(Field::message) == "answer");
  CHECK(camera.one(Field::device_mac) == "00:e0:4c:62:00:13");
  CHECK(camera.one(Field::binding) == "192.0.2.19");
  CHECK(camera.one(Field::serial) == "VSTC620019ABCDE");
  CHECK(camera.one(Field::device_name) == "IPCAM");
  CHECK(camera.one(Field::firmware_revision) == "48.53.64.67");
  CHECK(to_string(camera.said[0].mac) == "00:e0:4c:62:00:13");
  CHECK_FALSE(camera.malformed);
  every_prefix(Protocol::vstarcam, ip_packet(8600, 6801), answer);
}

TEST_CASE("VStarcam: a search, and what is neither") {
  CHECK(said(hex("44480101")).one(Field::message) == "search");
  CHECK(said(hex("44480102 00")).said.empty());
  CHECK_FALSE(said(hex("44480102 00")).malformed);
  CHECK(said(hex("444801")).malformed);
  Octets cut(answer.begin(), answer.begin() + 0x60);
  CHECK(said(cut).said.empty());
  CHECK(said(cut).malformed);
}

TEST_CASE("VStarcam: fields without an end, addresses of nobody") {
  Octets hostile = hex("44480108") + Octets(400, 'x');
  Dissected camera = said(hostile);
  CHECK(camera.one(Field::device_mac) == "78:78:78:78:78:78");
  CHECK(camera.one(Field::binding) == "");
  CHECK(camera.one(Field::serial) == std::string(32, 'x'));
  CHECK(camera.one(Field::device_name) == std::string(32, 'x'));
  Octets nobody = hex("44480108") + Octets(400, 0);
  CHECK(said(nobody).said.size() == 1);
  CHECK(to_string(said(nobody).said[0].mac) == "00:00:5e:00:53:01");
  Octets group = answer;
  group[0x54] = 0x01;
  CHECK(said(group).one(Field::device_mac) == "");
}

TEST_CASE("VStarcam's letters are not those of another maker's protocols") {
  Told told;
  told(ethernet(0x0800, ipv4(17, udp(8600, 37810, answer))));
  CHECK(told.facts.size() == 6);
  CHECK(told.facts[1] == "answer");
  CHECK(dissect(Protocol::dhip, ip_packet(8600, 37810), answer).said.empty());
  CHECK(dissect(Protocol::dvrip, ip_packet(8600, 5050), answer).said.empty());
  CHECK(dissect(Protocol::dahua_p2p, ip_packet(8600, 8800), answer).said.empty());
}
