// SPDX-License-Identifier: Apache-2.0
// Counts what the global operator new is asked for, to hold that a worker asks for nothing while
// packets come.
#include <atomic>
#include <cstdlib>
#include <new>

#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {
std::atomic<uint64_t> allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("Worker: no packet allocates, neither in tunnels nor fragments nor streams") {
  uint64_t told = 0;
  auto sink = [](void* count, const Observation&) { ++*static_cast<uint64_t*>(count); };
  NoveltySettings novelty;
  novelty.entries = 1024;
  Worker worker(all_protocols(), novelty, sink, &told, {64, 8, 1024}, {4});
  std::vector<Octets> frames;
  for (size_t i = 0; i < 300; ++i) {
    frames.push_back(ethernet(
        0x0800, ipv4(17, udp(1, 4789,
                             hex("08000000 00000100") +
                                 ethernet(0x0800,
                                          ipv4(6, tcp(100, 16, text("HTTP/1.1 200 OK\r\nServer: a"),
                                                      80, 1000 + i)),
                                          9)))));
    frames.push_back(ethernet(0x0800, ipv4(6, tcp(100, 16, text("SSH-2.0-a"), 22, 1000 + i))));
    frames.push_back(ethernet(0x0800, ipv4(47, Octets(16), 1, 0x2000, i)));
    frames.push_back(ethernet(0x0800, ipv4(47, Octets(16), 1, 2, i)));
  }
  uint64_t before = allocations;
  for (size_t i = 0; i < frames.size(); ++i) {
    Frame frame;
    frame.bytes = Bytes(frames[i]);
    frame.wire_size = static_cast<uint32_t>(frames[i].size());
    frame.link_type = 1;
    frame.number = i + 1;
    worker(frame);
  }
  CHECK(allocations == before);
  CHECK(told > 0);
  CHECK(worker.assembled().assembled == 300);
}
