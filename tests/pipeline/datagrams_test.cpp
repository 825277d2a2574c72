// SPDX-License-Identifier: Apache-2.0
#include "pipeline/datagrams.hpp"

#include "support/catch.hpp"
#include "support/flows.hpp"
#include "support/quic.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Facts = std::vector<std::string>;
const Facts whole{"example.com", "alpn", "q13d0211an_62ed6f6ca7ad_4d634acda6c0"};

Octets part(size_t begin, size_t end, uint32_t number = 2) {
  return sealed({.frames = crypto_part(quic_example_hello(), begin, end), .number = number});
}
Octets frame(const Octets& datagram, size_t source = 50000) {
  return ethernet(0x0800, ipv4(17, udp(source, 443, datagram)));
}
std::set<std::string> facts_of(const Told& told) { return {told.facts.begin(), told.facts.end()}; }
const std::set<std::string> all(whole.begin(), whole.end());
const size_t end = quic_example_hello().size();

}  // namespace

TEST_CASE("Datagrams: a hello over several, in any order") {
  Octets parts[] = {frame(part(0, 80)), frame(part(80, 160, 3)), frame(part(160, end, 4))};
  std::vector<size_t> order{0, 1, 2};
  do {
    Told told;
    for (size_t i : order) told(parts[i]);
    CHECK(facts_of(told) == all);
    CHECK(told.worker->spanning().completed == 1);
  } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("Datagrams: one that is whole waits for nothing") {
  Told told;
  told(frame(quic_example()));
  CHECK(told.facts == whole);
  told(frame(part(0, end), 50001));
  CHECK(told.worker->spanning().completed == 0);
}

TEST_CASE("Datagrams: of another direction, of a cut frame, of long ago are not put together") {
  Told other;
  other(frame(part(80, end, 3)));
  other(frame(part(0, 80), 50001));
  CHECK_FALSE(facts_of(other).contains(whole[2]));

  Told cut;
  Frame short_frame;
  Octets octets = frame(part(0, 80));
  short_frame.bytes = Bytes(octets);
  short_frame.wire_size = static_cast<uint32_t>(octets.size()) + 1;
  short_frame.link_type = 1;
  (*cut.worker)(short_frame);
  cut(frame(part(80, end, 3)));
  CHECK_FALSE(facts_of(cut).contains(whole[2]));

  Told late;
  Octets first = frame(part(0, 80)), second = frame(part(80, end, 3));
  Frame timed;
  timed.link_type = 1;
  timed.bytes = Bytes(first);
  timed.wire_size = static_cast<uint32_t>(first.size());
  (*late.worker)(timed);
  timed.bytes = Bytes(second);
  timed.wire_size = static_cast<uint32_t>(second.size());
  timed.time += std::chrono::seconds(6);
  (*late.worker)(timed);
  CHECK_FALSE(facts_of(late).contains(whole[2]));
  CHECK(late.worker->spanning().evicted == 1);
}

TEST_CASE("Datagrams: what never ends is bounded and counted") {
  Told told;
  for (uint32_t i = 0; i < 40; ++i) told(frame(part(10, 12, i)));
  CHECK(told.worker->spanning().too_long == 2);
  Told large;
  for (uint32_t i = 0; i < 9; ++i) {
    Octets padded = crypto_part(quic_example_hello(), 10, 12) + Octets(2000);
    large(frame(sealed({.frames = padded, .number = i})));
  }
  CHECK(large.worker->spanning().too_long == 1);
  Told many;
  for (size_t i = 0; i < 2000; ++i) many(frame(part(10, 12), 10000 + i));
  CHECK(many.worker->spanning().evicted >= 2000 - Datagrams::places);
  // The last to come is still there.
  many(frame(part(0, end, 3), 11999));
  CHECK(facts_of(many) == all);
}
