// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

enum : uint8_t { kFin = 1, kSyn = 2, kRst = 4, kAck = 16 };
using Facts = std::vector<std::string>;
const std::string head = "HTTP/1.1 200 OK\r\nServer: Example-Webs/1.0\r\n\r\n";

Octets segment(uint32_t sequence, uint8_t flags, const std::string& said = "", size_t port = 80) {
  return ethernet(0x0800, ipv4(6, tcp(sequence, flags, text(said), port)));
}

}  // namespace

TEST_CASE("Streams: a head in segments of any size, also over the turn of the sequence numbers") {
  for (uint32_t base : {0u, 1000u, 0x7ffffff8u, 0xffffffffu, 0xfffffff0u}) {
    for (size_t size = 1; size <= head.size(); ++size) {
      Told told;
      told(segment(base - 1, kSyn));
      for (size_t at = 0; at < head.size(); at += size)
        told(segment(base + static_cast<uint32_t>(at), kAck, head.substr(at, size)));
      CHECK(told.facts == Facts{"Example-Webs/1.0"});
      told.worker->finish();
      CHECK(told.facts.size() == 1);
    }
  }
}

TEST_CASE("Streams: all orders with overlaps give one fact with the whole text") {
  std::vector<std::pair<size_t, size_t>> parts{{0, 14}, {10, 12}, {20, 10}, {30, 8}, {33, 99}};
  std::vector<size_t> order{0, 1, 2, 3, 4};
  do {
    Told told;
    told(segment(99, kSyn));
    for (size_t i : order)
      told(segment(100 + static_cast<uint32_t>(parts[i].first), kAck,
                   head.substr(parts[i].first, parts[i].second)));
    CHECK(told.facts == Facts{"Example-Webs/1.0"});
  } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("Streams: what was said first is believed") {
  Told told;
  told(segment(99, kSyn));
  told(segment(100, kAck, head.substr(0, 30)));
  std::string other = head;
  std::ranges::replace(other, 'E', 'X');
  told(segment(100, kAck, other));
  CHECK(told.facts == Facts{"Example-Webs/1.0"});
}

TEST_CASE("Streams: data in a SYN, a SYN again, no SYN at all") {
  Told fast;
  fast(segment(99, kSyn, head.substr(0, 20)));
  fast(segment(99, kSyn, head.substr(0, 20)));
  fast(segment(120, kAck, head.substr(20)));
  CHECK(fast.facts == Facts{"Example-Webs/1.0"});
  Told joined;
  joined(segment(500, kAck, head.substr(0, 20)));
  joined(segment(520, kAck, head.substr(20)));
  CHECK(joined.facts == Facts{"Example-Webs/1.0"});
}

TEST_CASE("Streams: another SYN between the same ports is a new connection") {
  for (bool has_begun : {false, true}) {
    Told told;
    told(segment(99, kSyn));
    if (has_begun) told(segment(100, kAck, "HTTP/1.1 200 "));
    told(segment(70000, kSyn));
    told(segment(70001, kAck, head));
    CHECK(told.facts == Facts{"Example-Webs/1.0"});
  }
}

TEST_CASE("Streams: the end reads what there is, but not before it is there") {
  std::string line = "SSH-2.0-Example_1.0";  // its end never comes
  for (uint8_t flags : {kFin, kRst}) {
    Told told;
    told(segment(99, kSyn));
    told(segment(100, kAck, line));
    CHECK(told.facts.empty());
    told(segment(100 + static_cast<uint32_t>(line.size()), flags));
    CHECK(told.facts == Facts{line});
  }
  Told early;
  early(segment(99, kSyn));
  early(segment(120, kFin, head.substr(20)));
  CHECK(early.facts.empty());
  early(segment(100, kAck, head.substr(0, 20)));
  CHECK(early.facts == Facts{"Example-Webs/1.0"});
}

TEST_CASE("Streams: who gives way is read as far as it came, and nothing is told twice") {
  Told told({64, 8, 1024});
  constexpr size_t connections = 500;
  for (size_t i = 0; i < connections; ++i)
    told(segment(100, kAck, "SSH-2.0-Example_" + std::to_string(i), 1000 + i));
  told.worker->finish();
  CHECK(told.facts.size() == connections);
  CHECK(told.worker->streamed().evicted >= connections - 8);
}

TEST_CASE("Streams: segments of one octet, gaps and lies are bounded") {
  Told told({64, 8, 65536});
  told(segment(99, kSyn));
  std::string endless =
      "GET / HTTP/1.1\r\nUser-Agent: Example\r\nCookie: " + std::string(65536, 'x');
  for (size_t i = 0; i < endless.size(); ++i)
    told(segment(100 + static_cast<uint32_t>(i), kAck, endless.substr(i, 1)));
  CHECK(told.facts == Facts{"Example"});
  for (uint32_t i = 0; i < 10; ++i) told(segment(200 + 2 * i, kAck, "x", 81));
  told(segment(100, kAck, "S", 82));
  for (uint32_t i = 0; i < 10; ++i) told(segment(200 + 2 * i, kAck, "x", 82));
  CHECK(told.worker->streamed().gapped == 13);
}
