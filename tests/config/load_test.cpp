// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <fmt/format.h>

#include "config/options.hpp"
#include "support/catch.hpp"
#include "support/temporary.hpp"

using namespace tapwarden;
using namespace tapwarden::config;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

using Told = std::vector<std::string>;

Settings loaded(std::string_view text) {
  TemporaryFile file("tapwarden.yaml", text);
  Diagnostics diagnostics;
  Settings settings = load(file.path(), diagnostics);
  for (const Diagnostic& each : diagnostics.all()) UNSCOPED_INFO(each.text());
  REQUIRE(diagnostics.empty());
  return settings;
}

Told complaints(std::string_view text) {
  TemporaryFile file("tapwarden.yaml", text);
  Diagnostics diagnostics;
  load(file.path(), diagnostics);
  Told texts;
  for (const Diagnostic& each : diagnostics.all())
    texts.push_back(fmt::format("{}:{}: {}", each.line, each.column, each.message));
  return texts;
}

}  // namespace

TEST_CASE("an empty configuration is the defaults", "[config]") {
  CHECK(loaded("") == Settings{});
  CHECK(loaded("taps: []\n") == Settings{});
  Settings defaults;
  CHECK(defaults.protocols[static_cast<size_t>(Protocol::lldp)]);
  CHECK(defaults.snapshot.interval == 1h);
  CHECK(defaults.novelty.hold == 5min);
}

TEST_CASE("every option is kept where it belongs", "[config]") {
  Settings settings = loaded(
      "taps:\n"
      "  - interface: eth0\n"
      "  - {interface: eth1, name: core, snaplen: 2048, filter: not port 22, promiscuous: false,\n"
      "     buffer: 64MiB}\n"
      "protocols: {arp: false}\n"
      "knowledge: {directories: [/etc/tapwarden/rules, more]}\n"
      "policies: []\n"
      "alerts: {file: alerts.json, stdout: false, grade: confirmed}\n"
      "snapshot: {file: devices.json, interval: 90s}\n"
      "limits: {devices: 16, claims_per_device: 4, addresses_per_device: 1, novelty: 1024,\n"
      "  queue: 64}\n"
      "novelty: {hold: 1d}\n"
      "log: {level: debug, file: log}\n");
  Settings expected;
  expected.taps = {{.interface = "eth0", .name = "eth0", .filter = ""},
                   {"eth1", "core", 2048, "not port 22", false, 64 << 20}};
  expected.protocols[static_cast<size_t>(Protocol::arp)] = false;
  expected.knowledge.directories = {"/etc/tapwarden/rules", "more"};
  expected.judge.policies = {};
  expected.judge.grade = Grade::confirmed;
  expected.alerts = {"alerts.json", false, {}};
  expected.snapshot = {"devices.json", 90s};
  expected.inventory = {16, 4, 1};
  expected.queue = {64};
  expected.novelty = {1024, 24h};
  expected.log = {LogLevel::debug, "log"};
  CHECK(settings == expected);
}

TEST_CASE("all mistakes of a configuration are told at once", "[config]") {
  CHECK(complaints("taps:\n"
                   "  - name: core\n"
                   "    snaplen: 12\n"
                   "  - interface: eth0\n"
                   "    bufer: 1MiB\n"
                   "    buffer: 16\n"
                   "protocols:\n"
                   "  lldpp: false\n"
                   "policies: [us-ndaa-889, us-ndaa-889]\n"
                   "snapshoot:\n"
                   "  file: x\n"
                   "novelty: {hold: 2d}\n"
                   "log: {level: warn}\n") ==
        Told{
            "2:5: taps[0].interface: missing",
            "3:14: taps[0].snaplen: 12 is out of range, allowed are 64 to 262144",
            "5:5: taps[1].bufer: unknown key, did you mean \"buffer\"?",
            "6:13: taps[1].buffer: \"16\" is not a size, allowed are 64KiB to 1GiB with a unit of "
            "B, KiB, MiB or GiB",
            "8:3: protocols.lldpp: unknown key, did you mean \"lldp\"?",
            "9:25: policies[1]: stands in the list already",
            "10:1: snapshoot: unknown key, did you mean \"snapshot\"?",
            "12:17: novelty.hold: 2d is out of range, allowed are 1s to 1d",
            "13:14: log.level: \"warn\" is unknown, allowed are debug, info, warning and error",
        });
}

TEST_CASE("taps must differ in interface and name", "[config]") {
  CHECK(complaints("taps:\n"
                   "  - interface: eth0\n"
                   "  - interface: eth0\n"
                   "  - {interface: eth1, name: core}\n"
                   "  - {interface: eth2, name: core}\n"
                   "  - {interface: eth3, name: eth0}\n"
                   "  - interface: core\n") ==
        Told{"3:16: taps[1].interface: the same as taps[0].interface in line 2",
             "5:29: taps[3].name: the same as taps[2].name in line 4",
             "6:29: taps[4].name: the same as taps[0].interface in line 2",
             "7:16: taps[5].interface: the same as taps[2].name in line 4"});
}

TEST_CASE("a filter that does not compile is told at its place", "[config]") {
  CHECK(complaints("taps:\n"
                   "  - {interface: eth0, filter: udp port 53}\n"
                   "  - {interface: eth1, filter: udp prot 53}\n") ==
        Told{"3:31: taps[1].filter: \"udp prot 53\": can't parse filter expression: syntax error"});
}

TEST_CASE("outputs must go to different files", "[config]") {
  CHECK(complaints("alerts: {file: out/x}\nsnapshot: {file: ./out//x}\nlog: {file: y}\n") ==
        Told{"2:18: snapshot.file: the same as alerts.file in line 1"});
  CHECK(loaded("alerts: {file: /dev/stderr}\nlog: {file: /dev/stderr}\n").log.file ==
        "/dev/stderr");
  CHECK(complaints("alerts: {file: '-'}\n") ==
        Told{"1:16: alerts.file: no file: standard output is for alerts.stdout, or an output of "
             "type: stdout"});
}

TEST_CASE("an option holds its range and shows its default", "[config]") {
  auto keeps = [](const auto& option, auto owner, int64_t number) {
    INFO(option.key);
    option.set(owner, number);
    CHECK(option.get(owner) == Value(number));
  };
  auto check = [&](const auto& option, auto owner) {
    CHECK_FALSE(option.help.empty());
    if (auto* whole = std::get_if<Whole>(&option.kind)) {
      keeps(option, owner, whole->min);
      keeps(option, owner, whole->max);
    } else if (auto* size = std::get_if<Size>(&option.kind)) {
      keeps(option, owner, size->min);
      keeps(option, owner, size->max);
    } else if (auto* choice = std::get_if<Choice>(&option.kind)) {
      keeps(option, owner, static_cast<int64_t>(choice->names.size()) - 1);
    } else {
      option.set(owner, option.get(owner));
      CHECK(owner == decltype(owner){});
    }
  };
  for (const Option<TapSettings>& option : tap_options()) check(option, TapSettings{});
  for (const Section& section : sections()) {
    for (const Option<Settings>& option : section.options) check(option, Settings{});
  }
}
