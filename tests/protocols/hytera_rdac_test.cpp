// SPDX-License-Identifier: Apache-2.0
// Heads as in captures of a repeater; the identity is made up from public descriptions, since no
// capture holds one.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets wide(std::string_view letters, size_t size) {
  Octets octets;
  for (char c : letters) octets = octets + Octets{static_cast<uint8_t>(c), 0};
  octets.resize(size);
  return octets;
}

const Octets identity = hex("7e0400001020000200da1234 02d482c700 64000000 0000") + Octets(33) +
                        wide("A8.05.07.001", 32) + wide("OK1ABC", 20) + Octets(12) +
                        wide("RD625-U1", 64) + wide("15A07G00001", 32) + hex("0003");

Dissected rdac(const Octets& octets) {
  return dissect(Protocol::hytera_rdac, ip_packet(50002, 44130), octets);
}

}  // namespace

TEST_CASE("RDAC identity of a repeater") {
  Dissected said = rdac(identity);
  CHECK_FALSE(said.malformed);
  CHECK(said.one(Field::message) == "answer");
  CHECK(said.one(Field::firmware_revision) == "A8.05.07.001");
  CHECK(said.one(Field::device_name) == "OK1ABC");
  CHECK(said.one(Field::model) == "RD625-U1");
  CHECK(said.one(Field::serial) == "15A07G00001");
  CHECK(said.said.size() == 5);
}

TEST_CASE("RDAC requests, answers and P2P say who is there") {
  Dissected said = rdac(hex("7e04000010200013001be6fe02d782080064000000040201006603"));
  CHECK(said.one(Field::message) == "answer");
  CHECK(said.said.size() == 1);
  said = rdac(hex("7e040000201000130019569102d7020600650000000402e803"));
  CHECK(said.one(Field::message) == "request");
  CHECK(said.said.size() == 1);
  said = rdac(hex("503250380d000000140000007fff595a00000000000011000000"));
  CHECK(said.one(Field::message) == "p2p");
  Octets request = identity;
  request[4] = 0x20;
  request[5] = 0x10;
  CHECK(rdac(request).said.size() == 1);
}

TEST_CASE("Other traffic on RDAC's ports says nothing and is not malformed") {
  for (const Octets& other :
       {hex("00"), text("P2P"), hex("7e04"), hex("7e0400001020001300ff71ac"),
        hex("7e0400003030001300 0c 71ac"), hex("08eb26100a000000140000000000010000000000")}) {
    CHECK(rdac(other).said.empty());
    CHECK_FALSE(rdac(other).malformed);
  }
}

TEST_CASE("RDAC cut anywhere") {
  every_prefix(Protocol::hytera_rdac, ip_packet(50002, 44130), identity);
}
