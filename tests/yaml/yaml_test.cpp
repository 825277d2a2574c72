// SPDX-License-Identifier: Apache-2.0
#include "yaml/yaml.hpp"

#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/temporary.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

/// A text as a file, what reading it gave and what was complained of, without the file's name.
struct Read {
  explicit Read(std::string_view text) : file("read.yaml", text) {
    root = yaml::load(file.path(), diagnostics);
  }

  std::vector<std::string> complaints() {
    diagnostics.sort();
    std::vector<std::string> texts;
    for (const Diagnostic& each : diagnostics.all()) {
      CHECK(each.file == file.path().string());
      texts.push_back(fmt::format("{}:{}: {}", each.line, each.column, each.message));
    }
    return texts;
  }

  TemporaryFile file;
  Diagnostics diagnostics;
  yaml::Node root;
};

using Told = std::vector<std::string>;

/// What one read of `key: value` complains of.
template <typename Ask>
Told complaints_of(std::string_view value, Ask ask) {
  Read read(fmt::format("key: {}\n", value));
  yaml::Map map(read.root);
  CHECK_FALSE(ask(map.required("key")));
  return read.complaints();
}

/// What one read of `key: value` gives, without a complaint.
template <typename Ask>
auto value_of(std::string_view value, Ask ask) {
  Read read(fmt::format("key: {}\n", value));
  yaml::Map map(read.root);
  auto result = ask(map.required("key"));
  CHECK(read.complaints() == Told{});
  REQUIRE(result);
  return *result;
}

auto whole = [](const yaml::Node& node) { return node.integer(64, 262144); };
auto lasting = [](const yaml::Node& node) { return node.duration(1s, 7 * 24h); };
auto sized = [](const yaml::Node& node) { return node.size(1 << 20, 1 << 30); };
auto dated = [](const yaml::Node& node) { return node.date(); };
auto truth = [](const yaml::Node& node) { return node.boolean(); };
auto worded = [](const yaml::Node& node) { return node.text(); };
auto graded = [](const yaml::Node& node) {
  static constexpr std::string_view grades[] = {"possible", "probable", "confirmed"};
  return node.choice(grades);
};

}  // namespace

TEST_CASE("values are read by type", "[yaml]") {
  CHECK(value_of("64", whole) == 64);
  CHECK(value_of("262144", whole) == 262144);
  CHECK(value_of("90m", lasting) == 90min);
  CHECK(value_of("1500ms", lasting) == 1500ms);
  CHECK(value_of("16MiB", sized) == 16 << 20);
  CHECK(value_of("1048576B", sized) == 1 << 20);
  CHECK(value_of("2024-02-29", dated) == 2024y / 2 / 29);
  CHECK(value_of("true", truth));
  CHECK_FALSE(value_of("false", truth));
  CHECK(value_of("12", worded) == "12");
  CHECK(value_of("\"null\"", worded) == "null");
  CHECK(value_of("confirmed", graded) == 2);
  CHECK(value_of("\"\"", [](const yaml::Node& node) { return node.text_or_empty(); }) == "");
}

TEST_CASE("a whole number says its range", "[yaml]") {
  CHECK(complaints_of("12", whole) ==
        Told{"1:6: key: 12 is out of range, allowed are 64 to 262144"});
  CHECK(complaints_of("99999999999999999999", whole) ==
        Told{"1:6: key: 99999999999999999999 is out of range, allowed are 64 to 262144"});
  CHECK(complaints_of("1.5", whole) ==
        Told{"1:6: key: \"1.5\" is not a whole number, allowed are 64 to 262144"});
  CHECK(complaints_of("0x50", whole) ==
        Told{"1:6: key: \"0x50\" is not a whole number, allowed are 64 to 262144"});
  CHECK(complaints_of("\"100\"", whole) ==
        Told{"1:6: key: a text in quotes where a whole number is wanted"});
}

TEST_CASE("a duration and a size say their units", "[yaml]") {
  CHECK(complaints_of("8d", lasting) == Told{"1:6: key: 8d is out of range, allowed are 1s to 7d"});
  CHECK(complaints_of("0s", lasting) == Told{"1:6: key: 0s is out of range, allowed are 1s to 7d"});
  CHECK(complaints_of("99999999999999999999d", lasting) ==
        Told{"1:6: key: 99999999999999999999d is out of range, allowed are 1s to 7d"});
  CHECK(complaints_of("30", lasting) ==
        Told{"1:6: key: \"30\" is not a duration, allowed are 1s to 7d with a unit of ms, s, m, h "
             "or d"});
  CHECK(complaints_of("-1s", lasting) ==
        Told{"1:6: key: \"-1s\" is not a duration, allowed are 1s to 7d with a unit of ms, s, m, "
             "h or d"});
  CHECK(complaints_of("2GiB", sized) ==
        Told{"1:6: key: 2GiB is out of range, allowed are 1MiB to 1GiB"});
  CHECK(complaints_of("16MB", sized) ==
        Told{"1:6: key: \"16MB\" is not a size, allowed are 1MiB to 1GiB with a unit of B, KiB, "
             "MiB or GiB"});
}

TEST_CASE("a date must be in the calendar", "[yaml]") {
  CHECK(complaints_of("2023-02-29", dated) == Told{"1:6: key: 2023-02-29 is not in the calendar"});
  CHECK(complaints_of("2023-2-1", dated) ==
        Told{"1:6: key: \"2023-2-1\" is not a date, wanted is YYYY-MM-DD"});
  CHECK(complaints_of("2023-+2-01", dated) ==
        Told{"1:6: key: \"2023-+2-01\" is not a date, wanted is YYYY-MM-DD"});
  for (const char* day : {"1969-12-31", "2262-01-01", "9999-12-31", "0000-01-01"}) {
    CHECK(complaints_of(day, dated) ==
          Told{fmt::format("1:6: key: {} is out of range, allowed are 1970-01-01 to 2261-12-31",
                           day)});
  }
  CHECK(value_of("1970-01-01", dated) == 1970y / 1 / 1);
  CHECK(value_of("2261-12-31", dated) == 2261y / 12 / 31);
}

TEST_CASE("a choice names the nearest", "[yaml]") {
  CHECK(complaints_of("probabel", graded) ==
        Told{"1:6: key: \"probabel\" is unknown, did you mean \"probable\"? Allowed are possible, "
             "probable and confirmed"});
  CHECK(complaints_of("yes", graded) ==
        Told{"1:6: key: \"yes\" is unknown, allowed are possible, probable and confirmed"});
  CHECK(complaints_of("yes", truth) ==
        Told{"1:6: key: \"yes\" is unknown, allowed are true and false"});
}

TEST_CASE("a value of the wrong type says which is wanted", "[yaml]") {
  CHECK(complaints_of("[1]", whole) == Told{"1:6: key: a list where a whole number is wanted"});
  CHECK(complaints_of("{a: 1}", worded) == Told{"1:6: key: a mapping where a text is wanted"});
  auto listed = [](const yaml::Node& node) { return !node.list().empty(); };
  CHECK(complaints_of("eth0", listed) == Told{"1:6: key: a single value where a list is wanted"});
  auto mapped = [](const yaml::Node& node) {
    yaml::Map map(node);
    map.required("inner");
    map.finish();
    return false;
  };
  CHECK(complaints_of("[]", mapped) == Told{"1:6: key: a list where a mapping is wanted"});
}

TEST_CASE("a key without a value is empty", "[yaml]") {
  CHECK(complaints_of("", worded) == Told{"1:1: key: empty, a text is wanted"});
  CHECK(complaints_of("~", whole) == Told{"1:1: key: empty, a whole number is wanted"});
  CHECK(complaints_of("\"\"", worded) == Told{"1:6: key: empty, a text is wanted"});
  Read read("key:\n  - a\n  -\n  - b\n");
  CHECK(yaml::Map(read.root).required("key").texts() == Told{"a", "b"});
  CHECK(read.complaints() == Told{"4:3: key[1]: empty, a text is wanted"});
}

TEST_CASE("keys: missing, unknown and twice", "[yaml]") {
  Read read(
      "taps:\n"
      "  - snaplen: 12\n"
      "    snaplenn: 13\n"
      "  - interface: eth0\n"
      "    interface: eth1\n"
      "snapshoot: 1h\n"
      "zzz: 1\n");
  yaml::Map root(read.root);
  for (const yaml::Node& node : root.required("taps").list()) {
    yaml::Map tap(node);
    tap.required("interface").text();
    tap.optional("snaplen").integer(64, 262144);
    tap.finish();
  }
  root.optional("snapshot");
  root.required("interface");
  root.finish();
  CHECK(read.complaints() ==
        Told{"1:1: interface: missing", "2:5: taps[0].interface: missing",
             "2:14: taps[0].snaplen: 12 is out of range, allowed are 64 to 262144",
             "3:5: taps[0].snaplenn: unknown key, did you mean \"snaplen\"?",
             "5:5: taps[1].interface: stands twice, first in line 4",
             "6:1: snapshoot: unknown key, did you mean \"snapshot\"?",
             "7:1: zzz: unknown key, allowed are interface, snapshot and taps"});
}

TEST_CASE("a mapping with the operator's own keys is read in order", "[yaml]") {
  Read read("b: 1\na: 2\n");
  yaml::Map map(read.root);
  Told keys;
  for (const auto& [key, value] : map.entries()) keys.push_back(*key.text());
  map.finish();
  CHECK(keys == Told{"b", "a"});
  CHECK(read.complaints() == Told{});
}

TEST_CASE("a file that is not YAML says where", "[yaml]") {
  CHECK(Read("a: [1, 2\nb: 3\n").complaints() ==
        Told{"2:2: not YAML: end of sequence flow not found"});
  // A newer yaml-cpp names the anchor too.
  Told told = Read("a: *nobody\n").complaints();
  REQUIRE(told.size() == 1);
  CHECK(told[0].starts_with("1:4: not YAML: the referenced anchor is not defined"));
  CHECK(Read("a: 1\n---\nb: 2\n").complaints() == Told{"2:1: holds more than one document"});
  CHECK(Read("a: 1\nb: \x04\nc: 2\n").complaints() ==
        Told{"2:4: not YAML: control character 0x04"});
  CHECK(Read("a: ok\nb: M\xfcller\n").complaints() == Told{"2:5: not UTF-8: 0xfc"});
  CHECK(Read("a: M\xc3\xbcller \xef\xbf\xbd\n").complaints() == Told{});
  CHECK(Read("a: !!python/object 1\n").complaints() ==
        Told{"1:4: tag \"tag:yaml.org,2002:python/object\": tags are not allowed"});
  Read list_as_key("[a, b]: 1\n");
  yaml::Map map(list_as_key.root);
  CHECK(list_as_key.complaints() == Told{"1:1: a list where a key is wanted"});
}

TEST_CASE("an empty file gives nothing and no complaint", "[yaml]") {
  for (std::string_view text : {"", "# only a comment\n", "---\n", "~\n"}) {
    Read read(text);
    CHECK_FALSE(read.root);
    CHECK(read.complaints() == Told{});
  }
}

TEST_CASE("a file that cannot be read says why", "[yaml]") {
  Diagnostics diagnostics;
  CHECK_FALSE(yaml::load("/nowhere/there.yaml", diagnostics));
  CHECK_FALSE(yaml::load("/", diagnostics));
  REQUIRE(diagnostics.all().size() == 2);
  CHECK(diagnostics.all()[0].text() ==
        "/nowhere/there.yaml: cannot be opened: No such file or directory");
  CHECK(diagnostics.all()[1].text() == "/: is a directory");
}

TEST_CASE("aliases share their anchor's value", "[yaml]") {
  Read read("a: &x [1, 2]\nb: *x\n");
  yaml::Map map(read.root);
  map.required("a");
  CHECK(map.required("b").texts() == Told{"1", "2"});
  CHECK(read.complaints() == Told{});
  CHECK(Read("a: &x [*x]\n").complaints() == Told{"1:8: an alias stands inside its own anchor"});
}

TEST_CASE("aliases that multiply are refused", "[yaml]") {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    text += fmt::format("a{}: &a{} [", i, i);
    for (int j = 0; j < 9; ++j) text += fmt::format("{}*a{}", j ? ", " : "", i - 1);
    text += "]\n";
  }
  CHECK(Read(text).complaints() == Told{"7:10: holds more than 1000000 values with its aliases"});
}

TEST_CASE("nesting and size are bounded", "[yaml]") {
  CHECK(Read(std::string(64, '[') + std::string(64, ']')).complaints() == Told{});
  CHECK(Read(std::string(65, '[') + std::string(65, ']')).complaints() ==
        Told{"1:65: nests deeper than 64"});
  CHECK(Read(std::string(1 << 20, '[')).complaints().size() == 1);
  std::string half = "a: &a " + std::string(40, '[') + std::string(40, ']') + "\n";
  CHECK(Read(half + "b: " + std::string(23, '[') + "*a" + std::string(23, ']')).complaints() ==
        Told{});
  CHECK(Read(half + "b: " + std::string(24, '[') + "*a" + std::string(24, ']')).complaints() ==
        Told{"2:28: nests deeper than 64"});
  CHECK(Read("#" + std::string(16 << 20, 'x')).complaints() == Told{"0:0: is larger than 16 MiB"});
}

TEST_CASE("a complaint shows the operator's text cleaned", "[yaml]") {
  CHECK(complaints_of("\"a\\0b\"", worded) == Told{"1:6: key: holds a control character"});
  CHECK(complaints_of("\"\\e[31m\"", graded) ==
        Told{"1:6: key: \"[31m\" is unknown, allowed are possible, probable and confirmed"});
}
