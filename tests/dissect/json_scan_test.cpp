// SPDX-License-Identifier: Apache-2.0
#include "dissect/json_scan.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace tapwarden;

namespace {

using Texts = std::vector<std::string>;

struct Scanned {
  Texts leaves;  // path=text
  bool ok = false;

  bool operator==(const Scanned&) const = default;
};

Scanned scan(std::string_view document) {
  std::string block(document);
  JsonScan json(block);
  Scanned scanned;
  while (json.next()) {
    scanned.leaves.push_back(std::string(json.path()) + "=" + std::string(json.text()));
  }
  CHECK_FALSE(json.next());
  scanned.ok = json.ok();
  return scanned;
}

/// What a string of JSON decodes to.
std::string string_of(std::string_view inner) {
  Scanned scanned = scan("\"" + std::string(inner) + "\"");
  CHECK(scanned.ok);
  REQUIRE(scanned.leaves.size() == 1);
  return scanned.leaves[0].substr(1);
}

std::string repeat(std::string_view text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("JSON leaves in order, with the path of keys that leads to each") {
  Scanned scanned = scan(
      " { \"a\" : 1 , \"b\":{\"c\":\"x\",\"d\":{},\"e\":{\"f\":true}},\r\n\t\"g\":null,"
      "\"h\":[], \"i\":[1,[2,{\"j\":3}],{\"k\":4},\"5\"],\"l\":false } ");
  CHECK(scanned.ok);
  CHECK(scanned.leaves == Texts{"a=1", "b.c=x", "b.e.f=true", "g=null", "i=1", "i=2", "i.j=3",
                                "i.k=4", "i=5", "l=false"});
}

TEST_CASE("JSON strings are told from other leaves") {
  JsonScan json("[\"1\",1]");
  REQUIRE(json.next());
  CHECK(json.is_string());
  REQUIRE(json.next());
  CHECK_FALSE(json.is_string());
}

TEST_CASE("A JSON value alone is a document") {
  CHECK(scan("1") == Scanned{{"=1"}, true});
  CHECK(scan("\"\"") == Scanned{{"="}, true});
  CHECK(scan("{}") == Scanned{{}, true});
  CHECK(scan("[]") == Scanned{{}, true});
}

TEST_CASE("JSON is not read behind its value") {
  CHECK(scan(std::string_view("{\"a\":1}\n\0{\"b\"", 14)) == Scanned{{"a=1"}, true});
}

TEST_CASE("JSON escapes") {
  CHECK(string_of(R"(\"\\\/\b\f\n\r\t)") == "\"\\/\b\f\n\r\t");
  CHECK(string_of(R"(\u0041\u00e9\u20AC\ud83d\ude00)") == "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(string_of(R"(\u0000)") == std::string(1, '\0'));
  const std::string none = "\xef\xbf\xbd";
  CHECK(string_of(R"(\ud83d)") == none);
  CHECK(string_of(R"(\ude00)") == none);
  CHECK(string_of(R"(\ud83dx)") == none + "x");
  CHECK(string_of(R"(\ud83d\n)") == none + "\n");
  CHECK(string_of(R"(\ud83d\u0041)") == none + "A");
  CHECK(string_of(R"(\ud83d\ud83d\ude00)") == none + "\xf0\x9f\x98\x80");
  CHECK(scan(R"({"a\u002eb":{"\"":1}})").leaves == Texts{"a.b.\"=1"});
}

TEST_CASE("JSON numbers stay as written") {
  for (std::string number : {"0", "-0", "12", "-1.5", "1e9", "1.25E-10", "0.0"}) {
    CHECK(scan(number) == Scanned{{"=" + number}, true});
  }
}

TEST_CASE("JSON that is malformed stops, and what was read stays") {
  CHECK(scan("{\"a\":1,\"b\":}") == Scanned{{"a=1"}, false});
  CHECK(scan("{\"a\":1,}") == Scanned{{"a=1"}, false});
  CHECK(scan("[1,]") == Scanned{{"=1"}, false});
  CHECK(scan("[1") == Scanned{{"=1"}, false});
  CHECK(scan("[1}") == Scanned{{"=1"}, false});
  CHECK(scan("{\"a\":1]") == Scanned{{"a=1"}, false});
  CHECK(scan("{\"a\":1 \"b\":2}") == Scanned{{"a=1"}, false});
  CHECK(scan("[01]") == Scanned{{"=0"}, false});
  CHECK(scan("[truest]") == Scanned{{"=true"}, false});
  for (std::string_view document : {"",          " ",     "{",           "[",
                                    "}",         "]",     ",",           ":",
                                    "\"",        "\"\\",  "\"\\\"",      "\"\\x\"",
                                    "\"\\u12",   "-",     "\"\\u12g4\"", "\"\\ud83d\\u12\"",
                                    "tru",       "nul",   "+1",          ".5",
                                    "1.",        "1e",    "-a",          "'a'",
                                    "{a:1}",     "{1:2}", "{\"a\"}",     "{\"a\":",
                                    "{\"a\" 1}", "{,}",   "[,]",         "{\"a\":\"",
                                    "<a/>"}) {
    INFO(document);
    CHECK(scan(document) == Scanned{{}, false});
  }
  CHECK(scan(std::string_view("\0", 1)) == Scanned{{}, false});
}

TEST_CASE("JSON depth is bounded") {
  CHECK(scan(repeat("[", 16) + repeat("]", 16)).ok);
  CHECK_FALSE(scan(repeat("[", 17) + repeat("]", 17)).ok);
  CHECK_FALSE(scan(repeat("[", 1'000'000)).ok);
  CHECK_FALSE(scan(repeat("{\"a\":", 200'000)).ok);
}

TEST_CASE("JSON paths are bounded") {
  std::string key(JsonScan::path_max, 'k');
  CHECK(scan("{\"" + key + "\":1}").ok);
  CHECK_FALSE(scan("{\"" + key + "k\":1}").ok);
  CHECK_FALSE(scan("{\"" + key + "\":{\"\":1}}").ok);
  CHECK(scan("{\"" + key + "\":1,\"b\":2}").leaves[1] == "b=2");
}

TEST_CASE("JSON text is cut at its bound and the scan goes on") {
  Scanned scanned = scan("[\"" + repeat("0123456789", 100'000) + repeat("\\u20ac", 1000) + "\"," +
                         repeat("1", 100'000) + ",2]");
  CHECK(scanned.ok);
  REQUIRE(scanned.leaves.size() == 3);
  CHECK(scanned.leaves[0].size() == JsonScan::text_max + 1);
  CHECK(scanned.leaves[1].size() == JsonScan::text_max + 1);
  CHECK(scanned.leaves[2] == "=2");
}
