// SPDX-License-Identifier: Apache-2.0
// The registration is in the form of those in captures, the node status in that of RFC 1002.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets name = text(
                        "\x20"
                        "ENEEEKFCDJDDCACACACACACACACACAAA") +
                    hex("00");  // MDJR93 <00>
const Octets registration = hex("0004 2910 0001 0000 0000 0001") + name +
                            hex("0020 0001 c00c 0020 0001 000493e0 0006 0000 c0000201");
const Octets answer =
    hex("0004 8500 0000 0001 0000 0000") + name + hex("0020 0001 000493e0 0006 0000 c0000201");
Octets padded(std::string_view letters, std::string_view rest) {
  Octets octets = text(letters);
  octets.resize(15, ' ');
  return octets + hex(rest);
}
const Octets status = hex("0004 8400 0000 0001 0000 0000") + name +
                      hex("0021 0001 00000000 0049 03") + padded("MDJR93", "00 0400") +
                      padded("OFFICE", "00 8400") + padded("MDJR93", "20 0400") +
                      hex("00005e00530a 0000 0000 0000 0000 0000 0000 0000");

Dissected nbns(const Octets& octets, const Packet& packet = ip_packet(137, 137)) {
  return dissect(Protocol::nbns, packet, octets);
}
Octets with(Octets octets, size_t place, uint8_t value) {
  octets[place] = value;
  return octets;
}

}  // namespace

TEST_CASE("NetBIOS registration and answer tell the sender's name") {
  for (const Octets& message : {registration, answer}) {
    Dissected said = nbns(message);
    CHECK_FALSE(said.malformed);
    CHECK(said.one(Field::host_name) == "MDJR93");
    CHECK(said.one(Field::binding) == "192.0.2.1");
    CHECK(said.said.size() == 2);
    CHECK(nbns(with(message, message.size() - 1, 9)).said.empty());
    CHECK(nbns(message, ip_packet(50000, 137)).said.empty());
    said = nbns(with(message, message.size() - 6, 0x80));
    CHECK(said.one(Field::domain) == "MDJR93");
    CHECK(said.one(Field::host_name).empty());
  }
}

TEST_CASE("NetBIOS node status tells names and the address") {
  Dissected said = nbns(status);
  CHECK_FALSE(said.malformed);
  CHECK(said.all(Field::host_name) == std::vector<std::string>{"MDJR93", "MDJR93"});
  CHECK(said.one(Field::domain) == "OFFICE");
  CHECK(said.one(Field::device_mac) == "00:00:5e:00:53:0a");
  CHECK(said.said.size() == 4);
}

TEST_CASE("NetBIOS queries and refusals say nothing") {
  CHECK(nbns(with(answer, 2, 0x01)).said.empty());
  CHECK(nbns(with(answer, 3, 0x03)).said.empty());
  CHECK(nbns(with(registration, 2, 0x31)).said.empty());
}

TEST_CASE("NetBIOS hostile names and lengths") {
  CHECK(nbns(with(answer, 12, 31)).malformed);
  CHECK(nbns(with(answer, 13, 'Z')).malformed);
  CHECK(nbns(with(answer, 45, 0xff)).malformed);
  CHECK(nbns(with(answer, answer.size() - 7, 5)).malformed);
  CHECK(nbns(with(status, 56, 0xff)).malformed);
}

TEST_CASE("NetBIOS name service cut anywhere") {
  every_prefix(Protocol::nbns, ip_packet(137, 137), registration);
  every_prefix(Protocol::nbns, ip_packet(137, 137), status);
}
