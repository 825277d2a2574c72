// SPDX-License-Identifier: Apache-2.0
// CaptureFile on files made octet by octet from the formats' descriptions: pcap
// (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng).
#include "capture/file.hpp"

#include <array>
#include <limits>

#include "support/catch.hpp"
#include "support/dissect.hpp"
#include "support/temporary.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

/// Writes numbers in one byte order.
struct Order {
  bool is_big;

  Octets number(uint64_t value, size_t size) const {
    Octets octets(size);
    for (size_t i = 0; i < size; ++i, value >>= 8)
      octets[is_big ? size - 1 - i : i] = static_cast<uint8_t>(value);
    return octets;
  }
  Octets u16(uint64_t value) const { return number(value, 2); }
  Octets u32(uint64_t value) const { return number(value, 4); }

  Octets pcap(uint32_t magic = 0xa1b2c3d4, uint32_t link_type = 1, uint16_t minor = 4) const {
    return u32(magic) + u16(2) + u16(minor) + u32(0) + u32(0) + u32(65535) + u32(link_type);
  }
  Octets record(uint32_t seconds, uint32_t fraction, const Octets& bytes,
                uint32_t wire_size) const {
    return u32(seconds) + u32(fraction) + u32(bytes.size()) + u32(wire_size) + bytes;
  }

  Octets block(uint32_t type, Octets body) const {
    body.resize((body.size() + 3) / 4 * 4);
    Octets size = u32(body.size() + 12);
    return u32(type) + size + body + size;
  }
  Octets section() const {
    return block(0x0a0d0d0a, u32(0x1a2b3c4d) + u16(1) + u16(0) + number(UINT64_MAX, 8));
  }
  Octets interface(uint16_t link_type, uint32_t snap_size = 0, const Octets& options = {}) const {
    return block(1, u16(link_type) + u16(0) + u32(snap_size) + options);
  }
  Octets option(uint16_t code, Octets value) const {
    Octets head = u16(code) + u16(value.size());
    value.resize((value.size() + 3) / 4 * 4);
    return head + value;
  }
  Octets enhanced(uint32_t interface, uint64_t ticks, const Octets& bytes,
                  uint32_t wire_size = 0) const {
    return block(6, u32(interface) + u32(ticks >> 32) + u32(ticks & 0xffffffff) +
                        u32(bytes.size()) + u32(wire_size == 0 ? bytes.size() : wire_size) + bytes);
  }
};
constexpr Order orders[] = {{false}, {true}};

struct Kept {
  uint64_t number;
  int64_t nanoseconds;
  std::string text;
  uint32_t wire_size;
  int link_type;

  bool operator==(const Kept&) const = default;
};
[[maybe_unused]] std::ostream& operator<<(std::ostream& out, const Kept& kept) {
  return out << '#' << kept.number << ' ' << kept.nanoseconds << " ns \"" << kept.text << "\" of "
             << kept.wire_size << ", link type " << kept.link_type;
}
using Frames = std::vector<Kept>;

struct Contents {
  Frames frames;
  std::string warning;  // or why there is no capture
};

Contents read(const Octets& file) {
  TemporaryFile stored("capture", as_text(Bytes(file)));
  Contents contents;
  try {
    CaptureFile capture(stored.path());
    Frame frame;
    while (capture.next(frame)) {
      contents.frames.push_back({frame.number, frame.time.time_since_epoch().count(),
                                 std::string(as_text(frame.bytes)), frame.wire_size,
                                 frame.link_type});
    }
    CHECK_FALSE(capture.next(frame));
    contents.warning = capture.warning();
  } catch (const std::runtime_error& error) {
    contents.warning = error.what();
  }
  return contents;
}

void reads(const Octets& file, const Frames& frames, const std::string& warning = "") {
  Contents contents = read(file);
  CHECK(contents.frames == frames);
  CHECK(contents.warning == warning);
}

constexpr int64_t second = 1'000'000'000;

}  // namespace

TEST_CASE("pcap in both byte orders, in microseconds and nanoseconds", "[capture]") {
  for (Order order : orders) {
    reads(order.pcap() + order.record(7, 999'999, text("one"), 3) +
              order.record(4'294'967'295, 1, text("two"), 1500),
          {{1, 7 * second + 999'999'000, "one", 3, 1},
           {2, 4'294'967'295 * second + 1000, "two", 1500, 1}});
    reads(order.pcap(0xa1b23c4d, 101) + order.record(7, 123'456'789, text("one"), 3),
          {{1, 7 * second + 123'456'789, "one", 3, 101}});
    reads(order.pcap(), {});
  }
}

TEST_CASE("pcap: the upper half of the link type tells of a frame check sequence", "[capture]") {
  for (Order order : orders)
    reads(order.pcap(0xa1b2c3d4, 0xf4000069) + order.record(0, 0, text("x"), 1),
          {{1, 0, "x", 1, 105}});
}

TEST_CASE("pcap: a fraction of more than a second is carried over", "[capture]") {
  reads(orders[0].pcap() + orders[0].record(7, 2'500'000, text("x"), 1),
        {{1, 9 * second + second / 2, "x", 1, 1}});
}

TEST_CASE("pcap: the variant with eight octets more in each record", "[capture]") {
  for (Order order : orders) {
    Octets more = order.u32(2) + order.u16(0x0800) + Octets{0, 0};
    Octets head = order.u32(1) + order.u32(2) + order.u32(3) + order.u32(3) + more;
    reads(order.pcap(0xa1b2cd34) + head + text("one") + head + text("two"),
          {{1, second + 2000, "one", 3, 1}, {2, second + 2000, "two", 3, 1}});
  }
}

TEST_CASE("pcap 2.3 may have its lengths swapped, 2.4 may not", "[capture]") {
  for (Order order : orders) {
    Octets swapped = order.u32(1) + order.u32(0) + order.u32(60) + order.u32(3) + text("one");
    reads(order.pcap(0xa1b2c3d4, 1, 3) + swapped + order.record(2, 0, text("two"), 60),
          {{1, second, "one", 60, 1}, {2, 2 * second, "two", 60, 1}});
    reads(order.pcap(0xa1b2c3d4, 1, 4) + swapped, {{1, second, "one", 60, 1}},
          "the file ends inside a record (after frame 1)");
  }
}

TEST_CASE("pcap: a frame is at least as large on the wire as captured", "[capture]") {
  reads(orders[0].pcap() + orders[0].record(0, 0, text("one"), 1), {{1, 0, "one", 3, 1}});
}

TEST_CASE("pcap: every cut gives what there is", "[capture]") {
  for (Order order : orders) {
    Octets file =
        order.pcap() + order.record(1, 0, text("first"), 5) + order.record(2, 0, text("second"), 6);
    size_t first = 24 + 16 + 5;
    for (size_t size = 0; size < file.size(); ++size) {
      INFO("the first " << size << " octets");
      Contents contents = read(Octets(file.begin(), file.begin() + static_cast<long>(size)));
      if (size < 24) {
        CHECK(contents.frames.empty());
        CHECK(contents.warning == (size == 0  ? "the file is empty"
                                   : size < 4 ? "not a capture: neither pcap nor pcapng"
                                              : "the file ends inside its pcap header"));
        continue;
      }
      size_t behind = size < first ? size - 24 : size - first;  // the last whole record or header
      uint64_t whole = size < first ? 0 : 1;
      bool has_part = behind >= 16;
      REQUIRE(contents.frames.size() == whole + (has_part ? 1 : 0));
      if (has_part) {
        std::string said = whole == 0 ? "first" : "second";
        CHECK(contents.frames[whole].text == said.substr(0, behind - 16));
        CHECK(contents.frames[whole].wire_size == said.size());
        CHECK(contents.warning ==
              "the file ends inside a record (after frame " + std::to_string(whole + 1) + ")");
      } else {
        CHECK(contents.warning == (behind == 0 ? ""
                                               : "the file ends inside a record header (after "
                                                 "frame " +
                                                     std::to_string(whole) + ")"));
      }
    }
  }
}

TEST_CASE("pcap: a record that claims more than a frame can have is damage", "[capture]") {
  for (Order order : orders) {
    Octets file = order.pcap() + order.record(1, 0, text("good"), 4);
    for (uint32_t claimed : {CaptureFile::frame_size_max + 1, 0x7fffffffu, 0xffffffffu}) {
      reads(file + order.u32(2) + order.u32(0) + order.u32(claimed) + order.u32(claimed) +
                text("rest"),
            {{1, second, "good", 4, 1}},
            "a record claims " + std::to_string(claimed) + " octets (after frame 1)");
    }
    Octets largest(CaptureFile::frame_size_max, 'x');
    Contents contents =
        read(order.pcap() + order.record(1, 0, largest, CaptureFile::frame_size_max));
    CHECK(contents.warning == "");
    REQUIRE(contents.frames.size() == 1);
    CHECK(contents.frames[0].text == std::string(CaptureFile::frame_size_max, 'x'));
  }
}

TEST_CASE("What is no capture is said in one line", "[capture]") {
  reads(text("#!/bin/sh\necho no capture at all\n"), {}, "not a capture: neither pcap nor pcapng");
  reads(text("\n"), {}, "not a capture: neither pcap nor pcapng");
  reads({}, {}, "the file is empty");
}

TEST_CASE("pcapng in both byte orders, also one section behind the other", "[capture]") {
  Octets all;
  Frames expected;
  for (Order order : {orders[0], orders[1], orders[0]}) {
    all = all + order.section() + order.interface(1) + order.interface(113) +
          order.enhanced(1, 5'000'001, text("five!")) + order.enhanced(0, 0, text(""), 60);
    uint64_t number = expected.size();
    expected.push_back({number + 1, 5 * second + 1000, "five!", 5, 113});
    expected.push_back({number + 2, 0, "", 60, 1});
  }
  reads(all, expected);
}

TEST_CASE("pcapng: the interfaces of a section end with it", "[capture]") {
  Order order = orders[0];
  reads(order.section() + order.interface(1) + order.enhanced(0, 0, text("x")) + order.section() +
            order.enhanced(0, 0, text("y")),
        {{1, 0, "x", 1, 1}}, "a packet names interface 0, which is not there (after frame 1)");
}

TEST_CASE("pcapng: time resolutions and offsets", "[capture]") {
  for (Order order : orders) {
    auto at = [&](const Octets& options, uint64_t ticks) {
      Contents contents = read(order.section() + order.interface(1, 0, options) +
                               order.enhanced(0, ticks, text("x")));
      REQUIRE(contents.frames.size() == 1);
      return contents.frames[0].nanoseconds;
    };
    Octets comment = order.option(1, text("odd"));
    Octets end = order.option(0, {});
    CHECK(at({}, 1'700'000'000'123'456) == 1'700'000'000'123'456'000);
    CHECK(at(order.option(9, {9}), 1'700'000'000'123'456'789) == 1'700'000'000'123'456'789);
    CHECK(at(comment + order.option(9, {3}) + end, 1'700'000'000'123) == 1'700'000'000'123'000'000);
    CHECK(at(order.option(9, {0}), 17) == 17 * second);
    CHECK(at(order.option(9, {0x8a}), 1024 + 512) == second + second / 2);
    CHECK(at(order.option(9, {0x80}), 3) == 3 * second);
    CHECK(at(order.option(9, {12}), 1'500'000'000'000) == second + second / 2);
    CHECK(at(order.option(14, order.number(100, 8)), 1) == 100 * second + 1000);
    CHECK(at(order.option(14, order.number(static_cast<uint64_t>(-5), 8)), 7'000'000) ==
          2 * second);
    // What stands behind the end of the options, or in a cut one, is none.
    CHECK(at(end + order.option(9, {9}), 1'000'000) == second);
    CHECK(at(order.u16(9) + order.u16(400) + Octets{9, 0, 0, 0}, 1'000'000) == second);
    CHECK(at(order.option(9, {}), 1'000'000) == second);
  }
}

TEST_CASE("pcapng: no time that a file can name goes beyond what a clock can show", "[capture]") {
  Order order = orders[1];
  constexpr int64_t last = 9'000'000'000 * second;  // the year 2255
  for (uint8_t resolution : std::to_array<uint8_t>({0, 6, 9, 18, 127, 128, 190, 255})) {
    for (int64_t offset : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0},
                           std::numeric_limits<int64_t>::max()}) {
      Octets options = order.option(9, {resolution}) +
                       order.option(14, order.number(static_cast<uint64_t>(offset), 8));
      Contents contents = read(order.section() + order.interface(1, 0, options) +
                               order.enhanced(0, UINT64_MAX, text("x")));
      REQUIRE(contents.frames.size() == 1);
      CHECK(contents.frames[0].nanoseconds >= 0);
      CHECK(contents.frames[0].nanoseconds <= last + second);
    }
  }
}

TEST_CASE("pcapng: simple and obsolete packets, and blocks that nobody reads", "[capture]") {
  for (Order order : orders) {
    Octets simple = order.block(3, order.u32(5) + text("five!"));
    Octets cut = order.block(3, order.u32(1500) + text("fourfour"));
    Octets obsolete =
        order.block(2, order.u16(1) + order.u16(65535) + order.u32(0) + order.u32(3'000'000) +
                           order.u32(3) + order.u32(9) + text("old"));
    Octets unknown = order.block(0x0bad, text("whatever")) + order.block(5, {});
    reads(order.section() + unknown + order.interface(1, 8) + order.interface(101) + simple + cut +
              obsolete + unknown,
          {{1, 0, "five!", 5, 1}, {2, 0, "fourfour", 1500, 1}, {3, 3 * second, "old", 9, 101}});
    // The snap length says where a simple packet ends and its padding begins.
    reads(order.section() + order.interface(1, 6) + cut, {{1, 0, "fourfo", 1500, 1}});
  }
}

TEST_CASE("pcapng: hostile blocks end the reading, what came before stays", "[capture]") {
  for (Order order : orders) {
    Octets good = order.section() + order.interface(1) + order.enhanced(0, 0, text("good"));
    Frames kept{{1, 0, "good", 4, 1}};
    auto ends = [&](const Octets& bad, const std::string& warning) {
      reads(good + bad + order.enhanced(0, 0, text("never")), kept, warning + " (after frame 1)");
    };
    auto sized = [&](uint32_t size) { return order.u32(6) + order.u32(size) + Octets(64, 0); };
    for (uint32_t size :
         {0u, 4u, 8u, 11u, 13u, 34u, CaptureFile::frame_size_max + 4100, 0x80000000u, 0xffffffffu})
      ends(sized(size), "a block claims " + std::to_string(size) + " octets");
    ends(order.block(1, order.u32(1)), "an interface description is too short");
    ends(order.block(6, Octets(16)), "a packet block is too short");
    ends(order.block(2, Octets(16)), "a packet block is too short");
    ends(order.block(3, {}), "a packet block is too short");
    ends(order.enhanced(1, 0, text("x")), "a packet names interface 1, which is not there");
    ends(order.enhanced(0xffffffff, 0, text("x")),
         "a packet names interface 4294967295, which is not there");
    for (uint32_t claimed : {9u, 0x7fffffffu, 0xffffffffu}) {
      ends(order.block(6, order.u32(0) + order.u32(0) + order.u32(0) + order.u32(claimed) +
                              order.u32(claimed) + text("eightoct")),
           "a packet claims more than its block holds");
    }
    ends(order.block(0x0a0d0d0a, order.u32(0x1a2b3c4e) + Octets(12)),
         "a section header has no byte order");
  }
}

TEST_CASE("pcapng: a section has so many interfaces and no more", "[capture]") {
  Order order = orders[0];
  Octets file = order.section();
  for (size_t i = 0; i < CaptureFile::interfaces_max; ++i) {
    Octets interface = order.interface(static_cast<uint16_t>(i));
    file.insert(file.end(), interface.begin(), interface.end());
  }
  uint32_t last = CaptureFile::interfaces_max - 1;
  file = file + order.enhanced(last, 0, text("x"));
  reads(file, {{1, 0, "x", 1, static_cast<int>(last)}});
  reads(file + order.interface(1) + order.enhanced(last, 0, text("never")),
        {{1, 0, "x", 1, static_cast<int>(last)}},
        "a section has too many interfaces (after frame 1)");
}

TEST_CASE("pcapng: every cut gives the frames that are whole", "[capture]") {
  for (Order order : orders) {
    Octets head = order.section() + order.interface(1);
    Octets first = head + order.enhanced(0, 0, text("first"));
    Octets file = first + order.enhanced(0, 0, text("second"));
    for (size_t size = 4; size < file.size(); ++size) {
      INFO("the first " << size << " octets");
      Contents contents = read(Octets(file.begin(), file.begin() + static_cast<long>(size)));
      size_t whole = size >= first.size() ? 1 : 0;
      CHECK(contents.frames.size() == whole);
      bool at_edge = size == 28 || size == head.size() || size == first.size();
      CHECK(contents.warning.empty() == at_edge);
    }
  }
}

TEST_CASE("A capture tells how far it has come", "[capture]") {
  Octets file = orders[0].pcap();
  for (int i = 0; i < 4; ++i) file = file + orders[0].record(0, 0, Octets(100'000, 'x'), 100'000);
  TemporaryFile stored("capture", as_text(Bytes(file)));
  CaptureFile capture(stored.path());
  double before = capture.progress();
  CHECK(before < 0.25);
  Frame frame;
  for (int i = 0; i < 4; ++i) {
    REQUIRE(capture.next(frame));
    CHECK(capture.progress() >= before);
    before = capture.progress();
  }
  CHECK_FALSE(capture.next(frame));
  CHECK(capture.progress() == 1);
}

TEST_CASE("A file that cannot be opened is the environment's fault", "[capture]") {
  CHECK_THROWS_AS(CaptureFile("/nowhere/at-all.pcap"), std::system_error);
  CHECK_THROWS_AS(CaptureFile("/"), std::system_error);
}
