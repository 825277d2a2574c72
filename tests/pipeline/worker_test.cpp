// SPDX-License-Identifier: Apache-2.0
// A frame's way through a worker: who is seen, what is said, and that every frame is accounted for.
#include "pipeline/worker.hpp"

#include <numeric>

#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Facts = std::vector<std::string>;

/// A datagram to SSDP, which names its server.
Octets announcement(std::string_view server) {
  return udp(50000, 1900, text("NOTIFY * HTTP/1.1\r\nSERVER: " + std::string(server) + "\r\n\r\n"));
}

/// IP in IP, so many deep, around an announcement.
Octets nested(int depth) {
  Octets inner = ipv4(17, announcement("deep"), 9);
  for (int i = 0; i < depth; ++i) inner = ipv4(4, inner, static_cast<uint8_t>(10 + i));
  return ethernet(0x0800, inner);
}

uint64_t undecoded(const Worker& worker) {
  const auto& counts = worker.decoded().undecoded;
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

}  // namespace

TEST_CASE("Worker: a frame's sender is seen and its message read", "[worker]") {
  Told told;
  told(ethernet(0x0800, ipv4(17, announcement("Example/1.0"))));
  CHECK(told.facts == Facts{"Example/1.0"});
  CHECK(told.senders.size() == 1);
  CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:01", "192.0.2.1"));
  CHECK(told.worker->decoded().frames == 1);
  CHECK(told.worker->decoded().decoded == 1);
  CHECK(told.worker->dispatched().read[static_cast<size_t>(Protocol::ssdp)] == 1);
  CHECK(told.worker->dispatched().malformed[static_cast<size_t>(Protocol::ssdp)] == 0);
}

TEST_CASE("Worker: who sends what nobody can read was there all the same", "[worker]") {
  Told told;
  told(ethernet(0x0800, hex("45ff")));
  told(ethernet(0x0800, ipv4(17, hex("0001"), 2), 2));
  CHECK(told.facts.empty());
  CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:01", "-"));
  CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:02", "192.0.2.2"));
  CHECK(told.worker->decoded().decoded == 0);
  CHECK(undecoded(*told.worker) == 2);
}

TEST_CASE("Worker: a group address sends nothing", "[worker]") {
  Told told;
  told(hex("00005e005302 01005e000001 0800") + ipv4(17, announcement("Example/1.0")));
  CHECK(told.senders.empty());
}

TEST_CASE("Worker: outer and inner hosts are both seen", "[worker]") {
  Told told;
  told(nested(2));
  CHECK(told.facts == Facts{"deep"});
  CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:01", "192.0.2.11"));
  CHECK(told.has(Tunnel::ip, 0, "-", "192.0.2.10"));
  CHECK(told.has(Tunnel::ip, 0, "-", "192.0.2.9"));
  CHECK(told.senders.size() == 3);
  CHECK(told.entered(Tunnel::ip) == 2);
  CHECK(told.worker->decoded().frames == 1);
}

TEST_CASE("Worker: tunnels are entered eight deep and no deeper", "[worker]") {
  for (int depth : {7, 8}) {
    Told told;
    told(nested(depth));
    CHECK(told.facts == Facts{"deep"});
  }
  for (int depth : {9, 50}) {
    Told told;
    told(nested(depth));
    CHECK(told.facts.empty());
    CHECK(told.entered(Tunnel::ip) == 8);
    CHECK(told.senders.size() == 9);
  }
}

TEST_CASE("Worker: a protocol that is switched off is not read", "[worker]") {
  ProtocolSet protocols = all_protocols();
  protocols[static_cast<size_t>(Protocol::ssdp)] = false;
  size_t facts = 0, senders = 0;
  std::pair<size_t*, size_t*> counts{&facts, &senders};
  auto sink = [](void* owner, const Observation& said) {
    auto& [f, s] = *static_cast<std::pair<size_t*, size_t*>*>(owner);
    ++*(said.text.empty() ? s : f);
  };
  Worker worker(protocols, {.entries = 1024}, sink, &counts);
  Octets octets = ethernet(0x0800, ipv4(17, announcement("Example/1.0")));
  Frame frame;
  frame.bytes = Bytes(octets);
  frame.wire_size = static_cast<uint32_t>(octets.size());
  frame.link_type = 1;
  worker(frame);
  CHECK(facts == 0);
  CHECK(senders == 1);
  CHECK(worker.dispatched().read[static_cast<size_t>(Protocol::ssdp)] == 0);
}

TEST_CASE("Worker: the same said again is told once, and the packets are told in sums",
          "[worker]") {
  std::pair<size_t, uint64_t> told;  // facts and packets
  auto sink = [](void* owner, const Observation& said) {
    auto& [facts, packets] = *static_cast<std::pair<size_t, uint64_t>*>(owner);
    facts += said.text.empty() ? 0 : 1;
    packets += said.packets;
  };
  Worker worker(all_protocols(), {.entries = 1024}, sink, &told);
  Octets octets = ethernet(0x0800, ipv4(17, announcement("Example/1.0")));
  Frame frame;
  frame.bytes = Bytes(octets);
  frame.wire_size = static_cast<uint32_t>(octets.size());
  frame.link_type = 1;
  for (uint64_t i = 1; i <= 50; ++i) {
    frame.number = i;
    frame.time += std::chrono::seconds(1);
    worker(frame);
  }
  CHECK(told == std::pair<size_t, uint64_t>{1, 1});
  worker.flush();
  CHECK(told == std::pair<size_t, uint64_t>{1, 50});
  worker.finish();
  CHECK(told == std::pair<size_t, uint64_t>{1, 50});
  CHECK(worker.reduced().repeated == 49);
}

TEST_CASE("Worker: a client's port that another protocol was given hides no server", "[worker]") {
  // sysName of an SNMP agent, as one sent it, to a client at the port of a radio's protocol.
  Octets answer =
      hex("303502010004067075626c6963a228020409500959020100020100301a301806082b06010201010500040c"
          "52312e6c61622e6c6f63616c");
  for (size_t client : {50000, 50002, 34569, 60000}) {
    Told told;
    told(ethernet(0x0800, ipv4(17, udp(161, client, answer))));
    INFO(client);
    CHECK(told.facts == Facts{"R1.lab.local"});
  }
  // Of two ports of servers the target's counts.
  Told told;
  told(ethernet(0x0800, ipv4(17, udp(161, 1900, answer))));
  CHECK(told.facts.empty());
}

TEST_CASE("Worker: a stream that never ends is read at the end", "[worker]") {
  Told told;
  told(ethernet(0x0800, ipv4(6, tcp(99, 2, {}))));
  told(ethernet(0x0800, ipv4(6, tcp(100, 16, text("HTTP/1.1 200 OK\r\nServer: Ex/1\r\n")))));
  CHECK(told.facts.empty());
  told.worker->flush();  // before a snapshot: only sums
  CHECK(told.facts.empty());
  told.worker->finish();
  CHECK(told.facts == Facts{"Ex/1"});
}
