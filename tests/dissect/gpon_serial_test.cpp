// SPDX-License-Identifier: Apache-2.0
#include "dissect/gpon_serial.hpp"

#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

/// What is told of these octets; "" for nothing.
std::string serial(const Octets& value) {
  std::string said;
  auto take = [](void* to, const Observation& o) {
    CHECK(o.field == Field::gpon_serial);
    *static_cast<std::string*>(to) += o.text.view();
  };
  Emit emit(take, &said);
  emit.begin(link_packet(), Protocol::pppoe);
  Octets exact(value);
  exact.shrink_to_fit();
  emit_gpon_serial(exact, emit);
  return said;
}

}  // namespace

TEST_CASE("GPON serial: letters and digits, all digits, octets, alone or in a text") {
  CHECK(serial(text("HWTC1234ABCD")) == "HWTC1234ABCD");
  CHECK(serial(text("hwtc1234abcd")) == "HWTC1234ABCD");
  CHECK(serial(text("485754431234ABCD")) == "HWTC1234ABCD");
  CHECK(serial(hex("485754431234abcd")) == "HWTC1234ABCD");
  CHECK(serial(text("OLT1_gpon 0/1/0/3:12_ZTEGC8A01F3E")) == "ZTEGC8A01F3E");
  CHECK(serial(text("olt1 xpon 0/1/0/3:12 5A544547C8A01F3E eth")) == "ZTEGC8A01F3E");
  CHECK(serial(text("slot=0;port=2;ALCLB2F1A0C4")) == "ALCLB2F1A0C4");
}

TEST_CASE("GPON serial: what only looks alike is none") {
  for (const char* other :
       {"", "HWTC1234ABC", "HWTC1234ABCD9", "AHWTC1234ABCD", "HWTC-1234ABCD", "HWTC1234ABCG",
        "acde48001122",      // a MAC
        "acde480011220000",  // digits that are no letters
        "1234567890123456", "PORT0001", "eth 0/1/2:100", "GigabitEthernet0/0/1"}) {
    INFO(other);
    CHECK(serial(text(other)) == "");
  }
  CHECK(serial(hex("0000000000000001")) == "");
  CHECK(serial(hex("4857544312345678ff")) == "");  // nine octets
}
