// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected ngap(const Octets& message) {
  return dissect(Protocol::ngap, ip_packet(38412, 38412), message);
}

// NGSetupRequest: GlobalRANNodeID, RANNodeName "gnb0102", DefaultPagingDRX.
const Octets request =
    hex("00 15 00 21 00 0003"
        "001b 00 08 0002f83910000102"
        "0052 40 09 0300 676e6230313032"
        "0015 40 01 60");

}  // namespace

TEST_CASE("NGAP setup: the names of both sides") {
  Dissected said = ngap(request);
  CHECK(said.said.size() == 1);
  CHECK(said.one(Field::system_name) == "gnb0102");
  CHECK_FALSE(said.malformed);
  Dissected response = ngap(hex("20 15 00 10 00 0001 0001 00 09 0300") + text("amf-one"));
  CHECK(response.one(Field::system_name) == "amf-one");
  CHECK(response.said.size() == 1);
}

TEST_CASE("NGAP: other procedures and failures say nothing and are not malformed") {
  for (auto [place, value] : {std::pair<size_t, uint8_t>{0, 0x40}, {0, 0xff}, {1, 15}, {1, 46}}) {
    Octets other = request;
    other[place] = value;
    CHECK(ngap(other).said.empty());
    CHECK_FALSE(ngap(other).malformed);
  }
}

TEST_CASE("NGAP names of other lengths") {
  std::string longest(150, 'n');
  Octets name = hex("4a80") + text(longest);  // 149 in eight bits behind the extension bit
  Octets response = hex("20 15 00 80a0 00 0001 0001 00 8098") + name;
  CHECK(ngap(response).one(Field::system_name) == longest);
  // An extended length is not read.
  CHECK(ngap(hex("20 15 00 0b 00 0001 0001 00 04 83004141")).said.empty());
}

TEST_CASE("NGAP lengths that cannot be") {
  CHECK(ngap(hex("20 15 00 0c 00 0001 0001 00 05 7f00 616263")).malformed);
  CHECK(ngap(hex("20 15 00 0c 00 0001 0001 00 06 0100 616263")).malformed);
  CHECK(ngap(hex("20 15 00 c1 00 0001")).malformed);
  CHECK(ngap(hex("20 15 00 7f 00 0001")).malformed);
  Octets more = request;
  more[5] = 0xff;  // says 65283 elements
  CHECK(ngap(more).malformed);
  CHECK(ngap(more).one(Field::system_name) == "gnb0102");
}

TEST_CASE("NGAP cut anywhere") { every_prefix(Protocol::ngap, ip_packet(38412, 38412), request); }
