// SPDX-License-Identifier: Apache-2.0
// Promise 7: nothing on the packet path allocates in steady state. Every frame of tests/captures
// goes through a worker again and again while operator new and the heap's own accounts are watched.
#include <malloc.h>
#include <openssl/crypto.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <set>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "capture/file.hpp"
#include "pipeline/worker.hpp"
#include "support/catch.hpp"
#include "support/flows.hpp"
#include "support/quic.hpp"
#include "support/tls.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define TAPWARDEN_OWN_NEW \
  0  // the sanitizer's operator new must stay, to be matched with its delete
#else
#define TAPWARDEN_OWN_NEW 1
#endif

namespace {

thread_local bool counting = false;
thread_local uint64_t allocations = 0;

void* counted_malloc(size_t size, const char*, int) {
  if (counting) ++allocations;
  return std::malloc(size);
}
void* counted_realloc(void* memory, size_t size, const char*, int) {
  if (counting) ++allocations;
  return std::realloc(memory, size);
}
void counted_free(void* memory, const char*, int) { std::free(memory); }

/// OpenSSL does not go through operator new; it takes this before its first allocation only.
const bool openssl_is_counted =
    CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free) == 1;

}  // namespace

#if TAPWARDEN_OWN_NEW
// The other forms of operator new and delete end in these.
void* operator new(size_t size) {
  if (counting) ++allocations;
  if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void* operator new(size_t size, std::align_val_t alignment) {
  if (counting) ++allocations;
  void* memory = nullptr;
  if (posix_memalign(&memory, static_cast<size_t>(alignment), size) == 0) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }
#endif

namespace tapwarden {

namespace {

struct Kept {
  Frame frame;
  std::vector<uint8_t> octets;
};

/// What opens seals and makes digests: a QUIC client's packets, whole and over two datagrams, and
/// TLS behind STARTTLS from both ends.
void add_sealed(std::vector<Kept>& all) {
  using namespace test;
  auto add = [&](const Octets& octets) {
    Frame frame;
    frame.wire_size = static_cast<uint32_t>(octets.size());
    frame.link_type = 1;
    frame.number = all.size() + 1;
    all.push_back({frame, octets});
  };
  auto add_udp = [&](const Octets& datagram) {
    add(ethernet(0x0800, ipv4(17, udp(50000, 443, datagram))));
  };
  auto add_tcp = [&](const Octets& said, size_t source, size_t target) {
    add(ethernet(0x0800, ipv4(6, tcp(99, 2, {}, source, target))));
    add(ethernet(0x0800, ipv4(6, tcp(100, 16, said, source, target))));
  };
  Octets hello = quic_example_hello();
  add_udp(quic_example());
  add_udp(sealed({.frames = crypto_part(hello, 100, hello.size())}));
  add_udp(sealed({.frames = crypto_part(hello, 0, 100), .number = 3}));
  add_tcp(text("EHLO nvr\r\nSTARTTLS\r\n") + tls_client_hello(), 50001, 25);
  add_tcp(text("220 mx\r\n250 ok\r\n220 go\r\n") + tls_server_hello(), 25, 50001);
}

/// Every frame that the captures hold, in memory: reading files may allocate.
std::vector<Kept> frames() {
  std::vector<Kept> all;
  for (const auto& entry :
       std::filesystem::directory_iterator(SOURCE_DIRECTORY "/tests/captures")) {
    if (entry.path().filename().string().find(".pcap") == std::string::npos) continue;
    try {
      CaptureFile file(entry.path());
      Frame frame;
      while (file.next(frame)) all.push_back({frame, {frame.bytes.begin(), frame.bytes.end()}});
    } catch (const std::runtime_error&) {  // some are no captures on purpose
    }
  }
  add_sealed(all);
  for (Kept& kept : all) kept.frame.bytes = kept.octets;
  return all;
}

/// What malloc has handed out: for those who do not go through operator new.
size_t heap_in_use() {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace

TEST_CASE("the packet path allocates nothing in steady state", "[pipeline]") {
  if (!TAPWARDEN_OWN_NEW) {
    WARN("allocations are not counted under a sanitizer");
    return;
  }
  std::vector<Kept> all = frames();
  REQUIRE(all.size() > 500);

  struct Sums {
    uint64_t all = 0;
    std::array<uint64_t, protocols_count> each{};
  } said;
  uint64_t& observations = said.all;
  auto sink = [](void* sums, const Observation& observation) {
    ++static_cast<Sums*>(sums)->all;
    ++static_cast<Sums*>(sums)->each[static_cast<size_t>(observation.protocol)];
  };
  Worker worker(all_protocols(), NoveltySettings{.entries = 65536}, sink, &said);
  // Novelty's hold is over each time: every fact goes all the way to the sink again.
  auto feed = [&] {
    for (Kept& kept : all) {
      kept.frame.time += std::chrono::hours(1);
      worker(kept.frame);
    }
    worker.flush();
  };

  feed();
  uint64_t first = observations;
  size_t heap_before = heap_in_use();
  allocations = 0;
  counting = true;
  for (int i = 0; i < 5; ++i) feed();
  counting = false;
  size_t heap_after = heap_in_use();

  CHECK(allocations == 0);
  CHECK(heap_after == heap_before);
  REQUIRE(first > 500);
  REQUIRE(openssl_is_counted);
  REQUIRE(worker.dispatched().read[static_cast<size_t>(Protocol::quic)] >= 18);
  CHECK(observations >= first * 6);
  // Rows of which no capture of ours holds a packet that says something, each with the reason:
  // none.
  const std::set<std::string_view> absent{};
  for (size_t row = 1; row < protocols_count; ++row) {
    INFO(protocol_table()[row].name);
    CHECK((said.each[row] == 0) == absent.contains(protocol_table()[row].name));
  }
}

TEST_CASE("an allocation on the packet path would be counted", "[pipeline]") {
  if (!TAPWARDEN_OWN_NEW) return;
  allocations = 0;
  counting = true;
  std::vector<char> spilled(100);
  counting = false;
  CHECK(allocations == 1);
  CHECK(spilled.size() == 100);
}

}  // namespace tapwarden
