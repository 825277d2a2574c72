// SPDX-License-Identifier: Apache-2.0
// Messages made from public descriptions of their layout.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets message(uint8_t operation, const Octets& body) {
  auto size = static_cast<uint8_t>(body.size());
  return text("MO_I") + Octets{operation, 0} + Octets(9) + Octets{size, 0, 0, 0} +
         Octets{size, 0, 0, 0} + body;
}
Octets fixed(std::string_view name, size_t size) {
  Octets octets = text(name);
  octets.resize(size);
  return octets;
}

const Octets camera = fixed("00626E620015", 13) + fixed("hall", 21) +
                      hex("c0000215 ffffff00 c0000201 08080808 00000000") +
                      hex("0b25022e 02040a08 1f9a 01");
const Octets answer = message(1, camera);

Dissected said(const Octets& octets) {
  Packet packet = ip_packet(10000, 50000);
  packet.ip_protocol = 17;
  return dissect(Protocol::foscam, packet, octets);
}

}  // namespace

TEST_CASE("Foscam: a camera's answer to a search") {
  REQUIRE(answer.size() == 88);
  Dissected result = said(answer);
  CHECK(result.said.size() == 6);
  CHECK(result.one(Field::message) == "answer");
  CHECK(result.one(Field::device_mac) == "00:62:6e:62:00:15");
  CHECK(result.one(Field::binding) == "192.0.2.21");
  CHECK(result.one(Field::device_name) == "hall");
  CHECK(result.one(Field::software_version) == "11.37.2.46");
  CHECK(result.one(Field::software_revision) == "2.4.10.8");
  CHECK(to_string(result.said[0].mac) == "00:62:6e:62:00:15");
  CHECK_FALSE(result.malformed);
  every_prefix(Protocol::foscam, ip_packet(10000, 50000), answer);
}

TEST_CASE("Foscam: a search, and other operations") {
  CHECK(said(message(0, hex("00000001"))).one(Field::message) == "search");
  CHECK(said(message(2, camera)).said.empty());
  CHECK_FALSE(said(message(2, camera)).malformed);
  CHECK(said(text("MO_O") + Octets(19)).said.empty());
  CHECK(said({}).said.empty());
}

TEST_CASE("Foscam: sizes that cannot be, addresses of nobody") {
  Octets longer = answer;
  longer[15] = 66;
  CHECK(said(longer).said.empty());
  CHECK(said(longer).malformed);
  Octets shorter = answer;
  shorter[15] = 40;
  CHECK(said(shorter).said.empty());
  CHECK(said(shorter).malformed);
  Octets huge = answer;
  huge[18] = 0xff;
  CHECK(said(huge).malformed);
  Dissected nobody = said(message(1, Octets(65, 0)));
  CHECK(nobody.said.size() == 3);
  CHECK(nobody.one(Field::software_version) == "0.0.0.0");
  CHECK(to_string(nobody.said[0].mac) == "00:00:5e:00:53:01");
  Dissected endless = said(message(1, Octets(65, 'x')));
  CHECK(endless.one(Field::device_name) == std::string(21, 'x'));
  CHECK(endless.one(Field::device_mac) == "");
}

TEST_CASE("Foscam is known by its content, over UDP and over TCP in pieces") {
  Told told;
  told(ethernet(0x0800, ipv4(17, udp(50000, 50001, answer))));
  CHECK(told.facts.size() == 6);
  for (uint32_t cut : {10u, 50u}) {
    Octets first(answer.begin(), answer.begin() + cut), second(answer.begin() + cut, answer.end());
    Told stream;
    stream(ethernet(0x0800, ipv4(6, tcp(100, 16, first, 10000))));
    CHECK(stream.facts.empty());
    stream(ethernet(0x0800, ipv4(6, tcp(100 + cut, 16, second, 10000))));
    CHECK(stream.facts == told.facts);
  }
  CHECK(dissect(Protocol::dhip, ip_packet(10000, 37810), answer).said.empty());
}
