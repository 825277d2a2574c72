// SPDX-License-Identifier: Apache-2.0
// Promise 7: nothing on the packet path allocates in steady state. Every frame of tests/captures
// goes through a worker again and again while operator new and the heap's own accounts are watched.
#include <malloc.h>

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

#if defined(__SANITIZE_ADDRESS__)
#define TAPWARDEN_OWN_NEW \
  0  // the sanitizer's operator new must stay, to be matched with its delete
#else
#define TAPWARDEN_OWN_NEW 1
#endif

namespace {

thread_local bool counting = false;
thread_local uint64_t allocations = 0;

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
  Worker worker(all_protocols(), NoveltySettings{.entries = 4096}, sink, &said);
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
