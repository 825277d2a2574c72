// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected bmp(const Octets& message) {
  return dissect(Protocol::bmp, ip_packet(50000, 1790), message);
}

const Octets initiation =
    hex("03 00000021 04 0001 0010") + text("Router OS V8.200") + hex("0002 0003") + text("pe1");

}  // namespace

TEST_CASE("BMP initiation says what the router is") {
  Dissected said = bmp(initiation);
  CHECK(said.said.size() == 2);
  CHECK(said.one(Field::system_description) == "Router OS V8.200");
  CHECK(said.one(Field::system_name) == "pe1");
  CHECK(to_string(said.said[0].ip) == "192.0.2.1");
  CHECK_FALSE(said.malformed);
  // The next message may follow in the same segment; free text (type 0) is not read.
  CHECK(bmp(initiation + hex("03 ffffffff 00")).said.size() == 2);
  CHECK(bmp(hex("03 0000000c 04 0000 0002 4141")).said.empty());
}

TEST_CASE("BMP: other messages and other traffic say nothing and are not malformed") {
  for (const char* other : {"03 00000020 00 0001 0002 4141", "02 0000000c 04 0001 0002 4141",
                            "16 03010200 01 0001fc0303", "03", ""}) {
    INFO(other);
    Dissected said = bmp(hex(other));
    CHECK(said.said.empty());
    CHECK_FALSE(said.malformed);
  }
}

TEST_CASE("BMP lengths that cannot be") {
  CHECK(bmp(hex("03 00000005 04 0001 0002 4141")).malformed);
  Dissected item = bmp(hex("03 00000010 04 0002 0001 41 0001 ffff 41"));
  CHECK(item.malformed);
  CHECK(item.one(Field::system_name) == "A");
  CHECK(item.said.size() == 1);
  CHECK(bmp(hex("03 ffffffff 04 0002 0001 41")).one(Field::system_name) == "A");

  Octets many = hex("03 00010000 04");
  for (int i = 0; i < 5000; ++i) many = many + hex("0002 0001 41");
  CHECK(bmp(many).said.size() == 32);
}

TEST_CASE("BMP cut anywhere") { every_prefix(Protocol::bmp, ip_packet(50000, 1790), initiation); }
