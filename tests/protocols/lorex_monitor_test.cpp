// SPDX-License-Identifier: Apache-2.0
// The answer that service probes match; its two changing octets are made up.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets answer = hex("00000101 400a0008 80008200 4cb8 1234 ffffffff 00000000");

Dissected said(const Octets& stream) {
  return dissect(Protocol::lorex_monitor, ip_packet(5000, 50000), stream);
}

}  // namespace

TEST_CASE("A monitor's answer is known by all that does not change in it") {
  REQUIRE(answer.size() == 24);
  Dissected result = said(answer);
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::message) == "00000101400a0008");
  CHECK_FALSE(result.malformed);
  Octets changed = answer;
  changed[14] = changed[15] = 0xff;
  CHECK(said(changed).said.size() == 1);
  every_prefix(Protocol::lorex_monitor, ip_packet(5000, 50000), answer);
  Octets half(answer.begin(), answer.begin() + 12);
  CHECK(said(half).said.empty());
  CHECK(said(half).wants_more);
}

TEST_CASE("An answer in which any other octet differs is another's") {
  for (size_t at = 0; at < answer.size(); ++at) {
    if (at == 14 || at == 15) continue;
    Octets other = answer;
    other[at] ^= 1;
    INFO(at);
    CHECK(said(other).said.empty());
    CHECK_FALSE(said(other).malformed);
  }
  CHECK(said(answer + hex("00")).said.empty());
  CHECK(said(Octets(65536, 0)).said.empty());
}

TEST_CASE("A monitor's answer on any port") {
  Told told;
  told(ethernet(0x0800, ipv4(6, tcp(100, 16, answer, 9876))));
  CHECK(told.facts == std::vector<std::string>{"00000101400a0008"});
}
