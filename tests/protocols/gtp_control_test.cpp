// SPDX-License-Identifier: Apache-2.0
// Messages made from 3GPP TS 29.060 and 29.274.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Dissected gtp(const Octets& message) {
  return dissect(Protocol::gtp_control, ip_packet(2123, 2123), message);
}
/// An echo answer with recovery and Huawei's extension.
const Octets echo_1 = hex("3202 000f 00000000 0007 00 00 0e05 ff 0006 07db 01020304");
const Octets echo_2 = hex("4002 0013 000007 00 03 0001 00 05 ff 0006 00 07db 01020304");
/// A version 1 request with addresses, a fixed element of each size class, and ZTE's extension.
const Octets create =
    hex("3210 0032 00000000 0001 00 00 02 6280011020304050 03 62f2100001ff 0e01 0fff 1000000001 "
        "1100000002 1405 85 0004 c0000201 ff 0004 0f3e 0001");

}  // namespace

TEST_CASE("GTP-C: whose private extensions a node adds") {
  for (const Octets& message : {echo_1, echo_2}) {
    Dissected said = gtp(message);
    CHECK(said.one(Field::vendor_enterprise) == "2011");
    CHECK(said.said.size() == 1);
    CHECK_FALSE(said.malformed);
  }
  CHECK(gtp(create).one(Field::vendor_enterprise) == "3902");
  CHECK_FALSE(gtp(create).malformed);
}

TEST_CASE("GTP-C: subscribers, names of other nodes and charging say nothing") {
  // International mobile subscriber identity, and the name of a gateway that is asked for.
  Dissected said =
      gtp(hex("4820 0026 00000001 000001 00 01 0008 00 6280011020304050") + hex("88 000e 00 04") +
          text("name") + hex("03") + text("epc") + hex("04") + text("3gpp"));
  CHECK(said.said.empty());
  Octets charging = echo_1;
  charging[0] = 0x0e;
  CHECK(gtp(charging).said.empty());
  Octets user = echo_1;
  user[1] = 0xff;
  CHECK(gtp(user).said.empty());
}

TEST_CASE("GTP-C: behind an element of unknown size nothing is read") {
  Octets odd = echo_1;
  odd[12] = 0x60;
  CHECK(gtp(odd).said.empty());
  CHECK_FALSE(gtp(odd).malformed);
}

TEST_CASE("GTP-C: lengths that lie are malformed") {
  Octets extension = echo_1;
  extension[15] = 0xff;
  CHECK(gtp(extension).malformed);
  CHECK(gtp(extension).said.empty());
  Octets endless = hex("3402 0010 00000000 0007 00 85") + hex("00000000 00000000 00000000");
  CHECK(gtp(endless).malformed);
  Octets element = echo_2;
  element[14] = 0xff;
  CHECK(gtp(element).malformed);
  CHECK(gtp(hex("4002 0009 000007 00 ff 0001 00 07")).malformed);  // no room for the number
}

TEST_CASE("GTP-C: every prefix") {
  for (const Octets& message : {echo_1, echo_2, create})
    every_prefix(Protocol::gtp_control, ip_packet(2123, 2123), message);
}
