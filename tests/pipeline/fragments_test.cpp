// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

/// One datagram of 44 octets in parts of 16: offsets in units of eight, 0x2000 says that more
/// follow.
Octets part(const Octets& whole, size_t begin, size_t size, bool more, size_t id = 7) {
  auto at = whole.begin() + static_cast<std::ptrdiff_t>(begin);
  return ethernet(0x0800, ipv4(47, Octets(at, at + static_cast<std::ptrdiff_t>(size)), 1,
                               begin / 8 | (more ? 0x2000 : 0), id));
}
Octets part_of(const Octets& message, size_t begin, size_t size) {
  auto at = message.begin() + static_cast<std::ptrdiff_t>(begin);
  return ethernet(
      0x0800, ipv4(17, Octets(at, at + static_cast<std::ptrdiff_t>(size)), 1, begin / 8 | 0x2000));
}
Octets datagram() {  // GRE with a host inside, so that the whole is seen to be read
  return hex("00000800") + ipv4(17, udp(1, 2, text("0123456789ab")), 9);
}

}  // namespace

TEST_CASE("Fragments: all orders give the datagram once") {
  Octets whole = datagram();
  REQUIRE(whole.size() == 44);
  std::vector<Octets> parts{part(whole, 0, 16, true), part(whole, 16, 16, true),
                            part(whole, 32, 12, false)};
  std::vector<size_t> order{0, 1, 2};
  do {
    Told told;
    for (size_t i : order) told(parts[i]);
    CHECK(told.worker->assembled().assembled == 1);
    CHECK(told.has(Tunnel::gre, 0, "-", "192.0.2.9"));
  } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("Fragments: the first that was said is believed, and counted") {
  Octets whole = datagram(), other = whole;
  other[4 + 15] = 66;  // the inner source
  Told told;
  told(part(whole, 0, 24, true));
  told(part(other, 0, 32, true));
  told(part(whole, 32, 12, false));
  CHECK(told.worker->assembled().assembled == 1);
  CHECK(told.worker->assembled().overlapping == 1);
  CHECK(told.has(Tunnel::gre, 0, "-", "192.0.2.9"));
  CHECK(told.senders.size() == 2);
}

TEST_CASE("Fragments: a second end does not make a hole pass as whole") {
  Octets whole = datagram();
  Told told;
  told(part(whole, 16, 16, true));
  told(part(whole, 32, 12, false));
  told(part(whole, 8, 8, false));   // ends before what is there
  told(part(whole, 32, 8, false));  // another end
  CHECK(told.worker->assembled().contradicting == 2);
  CHECK(told.worker->assembled().assembled == 0);
  told(part(whole, 0, 16, true));
  CHECK(told.worker->assembled().assembled == 1);
}

TEST_CASE(
    "Fragments: without the first or the last there is no datagram, and the oldest gives way") {
  Octets whole = datagram();
  Told told;
  for (size_t id = 0; id < 10; ++id) told(part(whole, 16, 16, true, id));
  CHECK(told.worker->assembled().assembled == 0);
  CHECK(told.worker->assembled().evicted == 6);
  CHECK(told.senders.size() == 1);
}

TEST_CASE("Fragments: sizes that cannot be take no place") {
  Told told;
  told(ethernet(0x0800, ipv4(47, Octets(12), 1, 0x2000)));           // not of whole units
  told(ethernet(0x0800, ipv4(47, Octets(64), 1, 0x2000 | 0x1fff)));  // beyond the largest
  told(ethernet(0x0800, ipv4(47, {}, 1, 0x2000)));
  for (size_t id = 0; id < 4; ++id) told(part(datagram(), 0, 16, true, id));
  CHECK(told.worker->assembled().evicted == 0);
  CHECK(told.worker->assembled().assembled == 0);
}

TEST_CASE("Fragments: a datagram of fragments inside one of fragments is read with one place") {
  Octets whole = datagram();
  auto outer = [&](const Octets& inside, size_t id) {
    Octets body = hex("00000800") + inside;
    Octets first(body.begin(), body.begin() + 16), rest(body.begin() + 16, body.end());
    return std::vector<Octets>{ethernet(0x0800, ipv4(47, first, 1, 0x2000, id)),
                               ethernet(0x0800, ipv4(47, rest, 1, 2, id))};
  };
  auto inside = [&](size_t begin, size_t size, bool more) {
    Octets octets = part(whole, begin, size, more, 99);
    return Octets(octets.begin() + 14, octets.end());
  };
  Told told({64, 8, 1024}, {2});
  for (const Octets& one : outer(inside(0, 24, true), 1)) told(one);
  for (const Octets& one : outer(inside(24, 20, false), 2)) told(one);
  CHECK(told.worker->assembled().assembled == 3);
  CHECK(told.has(Tunnel::gre, 0, "-", "192.0.2.9"));
}

TEST_CASE("Fragments: the front of a datagram that is never whole is read when it gives way") {
  Octets head = text("HTTP/1.1 200 OK\r\nServer: Example-Webs/1.0\r\n\r\n");
  auto first = [&](size_t id, size_t size) {
    Octets segment = tcp(100, 16, head);
    segment.resize(size);
    return ethernet(0x0800, ipv4(6, segment, 1, 0x2000, id));
  };
  Told told;
  told(first(1, 64));
  CHECK(told.facts.empty());
  told.worker->finish();
  CHECK(told.facts == std::vector<std::string>{"Example-Webs/1.0"});
  CHECK(told.worker->assembled().heads == 1);
  CHECK(told.worker->assembled().evicted == 0);

  Told pressed;
  pressed(first(1, 64));
  for (size_t id = 2; id < 6; ++id) pressed(part(datagram(), 16, 16, true, id));
  CHECK(pressed.worker->assembled().evicted == 1);
  CHECK(pressed.worker->assembled().heads == 1);
  pressed.worker->finish();
  CHECK(pressed.facts == std::vector<std::string>{"Example-Webs/1.0"});
  CHECK(pressed.worker->assembled().heads == 1);  // the others have no front
}

TEST_CASE("Fragments: a front behind which the next is missing ends where the gap begins") {
  Octets message = udp(5000, 514, text("<13>Oct 11 22:14:15 sw %%01IFNET/4/LINK_STATE: up and up"));
  Told told;
  told(part_of(message, 0, 24));
  told(part_of(message, 32, 24));
  told.worker->finish();
  CHECK(told.worker->assembled().heads == 1);
  CHECK(told.worker->dispatched().malformed[static_cast<size_t>(Protocol::syslog)] == 0);
}
