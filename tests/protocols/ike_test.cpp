// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

Octets u32(size_t value) {
  return {static_cast<uint8_t>(value >> 24), static_cast<uint8_t>(value >> 16),
          static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}
Octets message(std::string_view next, std::string_view version, const Octets& payloads,
               std::string_view flags = "00") {
  return Octets(16, 1) + hex(next) + hex(version) + hex("02") + hex(flags) + u32(0) +
         u32(28 + payloads.size()) + payloads;
}
Octets payload(std::string_view next, const Octets& body) {
  return hex(next) + hex("00") + Octets{0, static_cast<uint8_t>(body.size() + 4)} + body;
}
Dissected ike(const Octets& datagram, uint16_t port = 500) {
  return dissect(Protocol::ike, ip_packet(port, port), datagram);
}

const Octets first =
    message("01", "10",
            payload("0d", Octets(40)) + payload("0d", hex("afcad71368a1f1c96b8696fc77570100")) +
                payload("00", text("FRAGMENTATION")));

}  // namespace

TEST_CASE("IKE version 1: vendor ids") {
  Dissected result = ike(first);
  CHECK(result.said.size() == 2);
  CHECK(result.all(Field::vendor_id) ==
        Texts{"afcad71368a1f1c96b8696fc77570100", "465241474d454e544154494f4e"});
  CHECK_FALSE(result.malformed);
  CHECK(ike(message("0d", "10", payload("00", Octets(8)), "01")).said.empty());  // encrypted
}

TEST_CASE("IKE version 2: vendor ids") {
  Octets datagram = message("21", "20", payload("2b", Octets(8)) + payload("00", hex("c0ffee")));
  CHECK(ike(datagram).one(Field::vendor_id) == "c0ffee");
  CHECK(ike(message("2e", "20", payload("2b", Octets(8)))).said.empty());
  CHECK_FALSE(ike(message("2e", "20", hex("ff"))).malformed);
  // 13 is a vendor id in version 1 only, 43 in version 2.
  CHECK(ike(message("0d", "20", payload("00", hex("c0ffee")))).said.empty());
}

TEST_CASE("IKE behind NAT: a marker stands before it, and nothing else is IKE") {
  CHECK(ike(hex("00000000") + first, 4500).said.size() == 2);
  for (const Octets& other : {hex("ff"), hex("12345678") + Octets(40)}) {
    Dissected result = ike(other, 4500);
    CHECK(result.said.empty());
    CHECK_FALSE(result.malformed);
  }
}

TEST_CASE("IKE refuses lengths that lie") {
  CHECK(ike({}).malformed);
  CHECK(ike(message("0d", "30", {})).malformed);
  CHECK(ike(message("0d", "10", hex("00000003"))).malformed);
  CHECK(ike(message("0d", "10", hex("0000ffff"))).malformed);
  CHECK(ike(message("0d", "10", hex("0d000004") + hex("00000009"))).malformed);
  Octets many;
  for (int i = 0; i < 100; ++i) many = many + payload("0d", hex("c0ffee"));
  CHECK(ike(message("0d", "10", many)).said.size() == 32);
}

TEST_CASE("IKE cut anywhere") {
  every_prefix(Protocol::ike, ip_packet(500, 500), first);
  every_prefix(Protocol::ike, ip_packet(4500, 4500), hex("00000000") + first);
}
