// SPDX-License-Identifier: Apache-2.0
// The snapshot: all devices and the summary, some at a time.
#include "app/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "support/catch.hpp"
#include "support/inventory.hpp"
#include "support/rules.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

TEST_CASE("Snapshot: so many devices at a time, then the summary and the file", "[snapshot]") {
  constexpr size_t count = 2 * Snapshot::devices_at_once + 1;
  Rules rules = made_up_rules();
  config::Settings settings;
  settings.inventory.devices = count;
  Control control(rules, settings, Standpoint{{"tap"}},
                  [](const Alert&, const AlertEvent&, const Device*) {});
  auto see = [&](size_t i) {
    control.observe(sighting(station(fmt::format("02:00:00:00:{:02x}:{:02x}", i >> 8, i & 0xff)),
                             static_cast<int64_t>(i)));
  };
  for (size_t i = 0; i < count; ++i) see(i);
  Names names{{"tap"}, {"tap"}, "sensor"};
  Directory directory;
  auto file = directory.path() / "snapshot.jsonl";
  size_t devices = 0, summaries = 0;
  auto count_it = [&](const Record& record) {
    ++(record.kind == RecordKind::summary ? summaries : devices);
  };
  SECTION("with a file") {
    Snapshot snapshot(control, names, {}, file, count_it);
    CHECK(snapshot.send_some());
    CHECK(devices == Snapshot::devices_at_once);
    see(count);  // the one that was seen longest ago was told already
    CHECK(snapshot.send_some());
    CHECK(summaries == 0);
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK_FALSE(snapshot.send_some());
    CHECK(devices == count);
    CHECK(summaries == 1);
    std::ifstream text(file);
    CHECK(std::count(std::istreambuf_iterator<char>(text), {}, '\n') == count + 1);
  }
  SECTION("without one, and with a device that goes meanwhile") {
    Snapshot snapshot(control, names, {}, {}, count_it);
    see(count);
    while (snapshot.send_some()) {
    }
    CHECK(devices == count - 1);
    CHECK(summaries == 1);
    CHECK(std::filesystem::is_empty(directory.path()));
  }
}
