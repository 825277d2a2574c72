// SPDX-License-Identifier: Apache-2.0
#include "pipeline/novelty.hpp"

#include <algorithm>
#include <numeric>

#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp start = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

struct Sent {
  std::string text;  // empty for a sum
  uint32_t packets;
  Timestamp time;
  uint64_t frame;
  Host host;
};

struct Reduced {
  explicit Reduced(NoveltySettings settings = {.entries = 1024, .hold = 5min})
      : novelty(
            settings,
            [](void* self, const Observation& o) {
              static_cast<Reduced*>(self)->sent.push_back(
                  {std::string(o.text.view()), o.packets, o.time, o.frame, o.host});
              if (o.text.empty()) {
                CHECK(o.protocol == Protocol::ethernet);
                CHECK(o.field == Field::sighting);
              }
            },
            this) {}

  /// How many more were sent.
  size_t fact(std::string_view text, Timestamp time, Host host = Host(),
              Protocol protocol = Protocol::ssh, Field field = Field::banner,
              Context context = {}) {
    Observation observation;
    observation.time = time;
    observation.host = host;
    observation.protocol = protocol;
    observation.field = field;
    observation.context = context;
    observation.text.assign_clean(text);
    size_t before = sent.size();
    novelty.fact(observation);
    return sent.size() - before;
  }
  size_t seen(Timestamp time, Host host, Context context = {}) {
    Packet packet;
    packet.time = time;
    packet.frame = ++frames;
    packet.context = context;
    size_t before = sent.size();
    novelty.sighting(packet, host);
    return sent.size() - before;
  }
  uint64_t packets() const {
    return std::accumulate(sent.begin(), sent.end(), uint64_t{0},
                           [](uint64_t sum, const Sent& one) { return sum + one.packets; });
  }
  /// The counts of the sums, in the order in which they were told.
  std::vector<uint32_t> sums() const {
    std::vector<uint32_t> counts;
    for (const Sent& one : sent) counts.push_back(one.packets);
    return counts;
  }

  std::vector<Sent> sent;
  Novelty novelty;
  uint64_t frames = 0;
};

Host host(uint64_t number) { return {mac_from(0x020000000000 + number), {}, true, false}; }

}  // namespace

TEST_CASE("Novelty: a fact said again within the hold is not sent again", "[novelty]") {
  Reduced reduced;
  CHECK(reduced.fact("ACME", start) == 1);
  CHECK(reduced.fact("ACME", start) == 0);
  CHECK(reduced.fact("ACME", start + 5min - 1ns) == 0);
  CHECK(reduced.novelty.counters().repeated == 2);
  CHECK(reduced.fact("ACME", start + 5min) == 1);
  CHECK(reduced.fact("ACME", start + 9min) == 0);  // counted from when it was sent last
  CHECK(reduced.fact("ACME", start + 10min) == 1);
  CHECK(reduced.novelty.counters().repeated == 3);
  CHECK(reduced.novelty.counters().facts_evicted == 0);
}

TEST_CASE("Novelty: a clock that steps back does not silence a fact", "[novelty]") {
  Reduced reduced;
  CHECK(reduced.fact("ACME", start) == 1);
  CHECK(reduced.fact("ACME", start - 1s) == 0);
  CHECK(reduced.fact("ACME", start - 5min) == 1);
  CHECK(reduced.fact("ACME", start - 6min) == 0);
}

TEST_CASE("Novelty: whatever differs makes another fact", "[novelty]") {
  Reduced reduced;
  Host one = host(1);
  one.ip = IpAddress::parse("192.0.2.1").value();
  auto fact = [&](Host who, const char* text = "ACME", Protocol protocol = Protocol::ssh,
                  Field field = Field::banner, Context context = {}) {
    return reduced.fact(text, start, who, protocol, field, context);
  };
  CHECK(fact(one) == 1);
  CHECK(fact(one, "ACMF") == 1);
  CHECK(fact(one, "ACME", Protocol::telnet) == 1);
  CHECK(fact(one, "ACME", Protocol::ssh, Field::client_banner) == 1);
  Host other = one;
  other.mac = host(2).mac;
  CHECK(fact(other) == 1);
  other = one;
  other.ip = IpAddress::parse("192.0.2.2").value();
  CHECK(fact(other) == 1);
  // The same host in another light may move what it said.
  other = one;
  other.mac_is_own = false;
  CHECK(fact(other) == 1);
  other.is_beyond_router = true;
  CHECK(fact(other) == 1);
  Context context;
  context.tap = 1;
  CHECK(fact(one, "ACME", Protocol::ssh, Field::banner, context) == 1);
  context.tap = 0;
  context.vlan[0] = 7;
  context.vlan_count = 1;
  CHECK(fact(one, "ACME", Protocol::ssh, Field::banner, context) == 1);
  context.tunnel = Tunnel::gre;
  CHECK(fact(one, "ACME", Protocol::ssh, Field::banner, context) == 1);
  context.tunnel_id = 1;
  CHECK(fact(one, "ACME", Protocol::ssh, Field::banner, context) == 1);
  CHECK(reduced.novelty.counters().repeated == 0);
  CHECK(fact(one) == 0);
}

TEST_CASE("Novelty: packets of a known sender are told in sums that add up", "[novelty]") {
  Reduced reduced;
  CHECK(reduced.seen(start, host(1)) == 1);
  for (int i = 1; i <= 10; ++i) CHECK(reduced.seen(start + i * 1s, host(1)) == 0);
  CHECK(reduced.seen(start + 5min - 1ns, host(1)) == 0);
  CHECK(reduced.seen(start + 5min, host(1)) == 1);
  CHECK(reduced.seen(start + 6min, host(1)) == 0);
  CHECK(reduced.sums() == std::vector<uint32_t>{1, 12});
  CHECK(reduced.sent[1].time == start + 5min);
  CHECK(reduced.sent[1].frame == 13);
  CHECK(reduced.sent[1].host == host(1));
  reduced.novelty.flush();
  CHECK(reduced.sums() == std::vector<uint32_t>{1, 12, 1});
  CHECK(reduced.sent[2].time == start + 6min);
  reduced.novelty.flush();  // nothing is left
  CHECK(reduced.sent.size() == 3);
  CHECK(reduced.seen(start + 7min, host(1)) == 0);
  reduced.novelty.flush();
  CHECK(reduced.packets() == reduced.frames);
  CHECK(reduced.novelty.counters().sightings_evicted == 0);
}

TEST_CASE("Novelty: a sender in another context or another light is another", "[novelty]") {
  Reduced reduced;
  Context context;
  context.tap = 1;
  Host other = host(1);
  other.mac_is_own = false;
  CHECK(reduced.seen(start, host(1)) == 1);
  CHECK(reduced.seen(start, host(2)) == 1);
  CHECK(reduced.seen(start, host(1), context) == 1);
  CHECK(reduced.seen(start, other) == 1);
  CHECK(reduced.seen(start, host(1)) == 0);
}

TEST_CASE("Novelty: what is still held is told in the order of the capture", "[novelty]") {
  Reduced reduced({.entries = 1 << 16, .hold = 5min});
  for (uint64_t i = 0; i < 100; ++i) reduced.seen(start, host(i));
  for (uint64_t i = 0; i < 100; ++i) reduced.seen(start + 1s, host(99 - i));
  reduced.sent.clear();
  reduced.novelty.flush();
  REQUIRE(reduced.sent.size() == 100);
  for (uint64_t i = 0; i < 100; ++i) CHECK(reduced.sent[i].host == host(99 - i));
  CHECK(std::ranges::is_sorted(reduced.sent, {}, &Sent::frame));
}

TEST_CASE("Novelty: a flood of facts costs memory of others, counted, and nothing is lost",
          "[novelty]") {
  Reduced reduced;
  constexpr size_t flood = 10'000;
  for (size_t i = 0; i < flood; ++i)
    CHECK(reduced.fact(std::to_string(i), start + std::chrono::milliseconds(i)) == 1);
  // 1024 places: all but these were forgotten.
  CHECK(reduced.novelty.counters().facts_evicted >= flood - 1024);
  CHECK(reduced.novelty.counters().facts_evicted < flood - 512);
  CHECK(reduced.novelty.counters().repeated == 0);
  // What was said last is still known, since of four the oldest gives way.
  CHECK(reduced.fact(std::to_string(flood - 1), start + 10s) == 0);
  CHECK(reduced.novelty.counters().repeated == 1);
}

TEST_CASE("Novelty: a flood of senders makes sums be told early, and they add up", "[novelty]") {
  Reduced reduced;
  constexpr uint64_t flood = 5'000;
  for (uint64_t i = 0; i < flood; ++i) {
    reduced.seen(start + std::chrono::milliseconds(i), host(i));
    reduced.seen(start + std::chrono::milliseconds(i), host(i));
    reduced.seen(start + std::chrono::milliseconds(i), host(i / 2));
  }
  // A quarter of the places are for senders.
  CHECK(reduced.novelty.counters().sightings_evicted >= flood - 256);
  reduced.novelty.flush();
  CHECK(reduced.packets() == reduced.frames);
}

TEST_CASE("Novelty: the number of places is rounded up to a power of two", "[novelty]") {
  Reduced reduced({.entries = 1025, .hold = 5min});
  for (size_t i = 0; i < 1100; ++i) reduced.fact(std::to_string(i), start);
  CHECK(reduced.novelty.counters().facts_evicted < 150);  // some 250 of 1024 places, 50 of 2048
}
