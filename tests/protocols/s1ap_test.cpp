// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected s1ap(const Octets& message) {
  return dissect(Protocol::s1ap, ip_packet(36412, 36412), message);
}

// S1SetupRequest: Global-ENB-ID, eNBname "enb-1a2d0", DefaultPagingDRX.
const Octets request =
    hex("00 11 00 23 00 0003"
        "003b 00 08 0000f1100019b010"
        "003c 40 0b 0400 656e622d3161326430"
        "0089 40 01 40");

}  // namespace

TEST_CASE("S1AP setup: the names of both sides") {
  Dissected said = s1ap(request);
  CHECK(said.said.size() == 1);
  CHECK(said.one(Field::system_name) == "enb-1a2d0");
  CHECK_FALSE(said.malformed);
  Dissected response = s1ap(hex("20 11 00 0d 00 0001 003d 40 06 0180") + text("mme1"));
  CHECK(response.one(Field::system_name) == "mme1");
  CHECK(response.said.size() == 1);
}

TEST_CASE("S1AP: other procedures say nothing and are not malformed") {
  for (auto [place, value] : {std::pair<size_t, uint8_t>{0, 0x40}, {1, 12}, {1, 21}}) {
    Octets other = request;
    other[place] = value;
    CHECK(s1ap(other).said.empty());
    CHECK_FALSE(s1ap(other).malformed);
  }
}

TEST_CASE("S1AP lengths that cannot be, cut anywhere") {
  Octets longer = request;
  longer[3] = 0x7f;
  CHECK(s1ap(longer).malformed);
  CHECK(s1ap(hex("20 11 00 0d 00 0001 003d 40 7f 0180") + text("mme1")).malformed);
  every_prefix(Protocol::s1ap, ip_packet(36412, 36412), request);
}
