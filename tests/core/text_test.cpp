// SPDX-License-Identifier: Apache-2.0
// Text from the wire: what clean() lets through, what it puts in place of the rest, and where it
// cuts.
#include "core/text.hpp"

#include <random>
#include <string>

#include "support/catch.hpp"

using namespace tapwarden;
using namespace std::string_literals;

namespace {

const std::string bad = "\xef\xbf\xbd";  // U+FFFD

std::string cleaned(std::string_view raw, size_t bound = 512) {
  std::string target(bound, '#');
  Cleaned result = clean(raw, target.data(), bound);
  return target.substr(0, result.size);
}

}  // namespace

TEST_CASE("Good text stays as it is") {
  for (const char* text :
       {"Huawei VRP", "\xe4\xb8\xad\xe5\x85\xb4", "caf\xc3\xa9", "\xf0\x9f\x98\x80", "\xc2\xa1",
        "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf", "\xef\xbf\xbd"}) {
    INFO(text);
    CHECK(cleaned(text) == text);
    CHECK(utf8_prefix(text) == std::string_view(text).size());
  }
}

TEST_CASE("Controls and runs of blanks become one blank, none at the ends") {
  CHECK(cleaned("") == "");
  CHECK(cleaned(" \t\r\n ") == "");
  CHECK(cleaned("  a \r\n\t b  ") == "a b");
  CHECK(cleaned("a\0b"s) == "a b");
  CHECK(cleaned("\x1b[31mred\x1b[0m") == "[31mred [0m");
  CHECK(cleaned("a\x7f"
                "b") == "a b");
  CHECK(cleaned("a\xc2\x80"
                "b\xc2\x9b"
                "c\xc2\x9f"
                "d\xc2\xa0"
                "e") == "a b c d e");
  for (int c = 0; c <= 0x20; ++c) CHECK(cleaned("a"s + static_cast<char>(c) + "b") == "a b");
}

TEST_CASE("Malformed UTF-8 becomes U+FFFD, octet by octet") {
  CHECK(cleaned("\x80") == bad);
  CHECK(cleaned("\xbf"
                "a") == bad + "a");
  CHECK(cleaned("\xc3") == bad);
  CHECK(cleaned("\xc3(") == bad + "(");
  CHECK(cleaned("\xe4\xb8") == bad + bad);
  CHECK(cleaned("\xf0\x9f\x98") == bad + bad + bad);
  CHECK(cleaned("\xfe\xff") == bad + bad);
  CHECK(cleaned("\xe4\xb8"
                "a") == bad + bad + "a");
  // overlong
  CHECK(cleaned("\xc0\xaf") == bad + bad);
  CHECK(cleaned("\xc1\xbf") == bad + bad);
  CHECK(cleaned("\xe0\x9f\xbf") == bad + bad + bad);
  CHECK(cleaned("\xf0\x8f\xbf\xbf") == bad + bad + bad + bad);
  CHECK(cleaned("\xc0\x80") == bad + bad);
  // surrogates, and beyond the last character
  CHECK(cleaned("\xed\xa0\x80") == bad + bad + bad);
  CHECK(cleaned("\xed\xbf\xbf") == bad + bad + bad);
  CHECK(cleaned("\xf4\x90\x80\x80") == bad + bad + bad + bad);
  CHECK(cleaned("\xf8\x88\x80\x80\x80") == bad + bad + bad + bad + bad);
}

TEST_CASE("Characters that deceive become U+FFFD") {
  for (const char* character :
       {"\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9",
        "\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa0", "\xe2\x81\xa6", "\xe2\x81\xa9",
        "\xef\xbb\xbf", "\xd8\x9c", "\xef\xbf\xb9", "\xc2\xad", "\xf3\xa0\x80\x81",
        "\xf3\xa0\x81\xbf"}) {
    CHECK(cleaned("a"s + character + "b") == "a" + bad + "b");
  }
  CHECK(cleaned("\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf") == "\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf");
}

TEST_CASE("The bound cuts between characters and says so") {
  const std::string text = "a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80z";  // of 1, 2, 3, 4, 1 octets
  const size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
  for (size_t bound = 0; bound < std::size(ends); ++bound) {
    INFO(bound);
    std::string target(bound + 4, '#');
    Cleaned result = clean(text, target.data(), bound);
    CHECK(result.size == ends[bound]);
    CHECK(result.cut == (ends[bound] != text.size()));
    CHECK(target.substr(0, result.size) == text.substr(0, result.size));
    CHECK(target.substr(bound) == "####");
  }
}

TEST_CASE("Blanks at the bound are not a cut") {
  BoundedText<3> text;
  text.assign_clean("abc   ");
  CHECK(text.view() == "abc");
  CHECK_FALSE(text.cut());
  text.assign_clean("ab  c");
  CHECK(text.view() == "ab");
  CHECK(text.cut());
  text.assign_clean("a  c");
  CHECK(text.view() == "a c");
  CHECK_FALSE(text.cut());
  text.assign_clean("");
  CHECK(text.empty());
  CHECK_FALSE(text.cut());
}

TEST_CASE("Whatever the octets, what comes out is clean, bounded and stays so") {
  std::minstd_rand random(1);
  for (int round = 0; round < 3000; ++round) {
    std::string raw(random() % 90, '\0');
    for (char& c : raw)
      c = static_cast<char>(random() % 3 == 0 ? 0x80 + random() % 128 : random() % 256);
    std::string once = cleaned(raw, 64);
    REQUIRE(once.size() <= 64);
    REQUIRE(utf8_prefix(once) == once.size());
    REQUIRE(cleaned(once, 64) == once);
    for (char c : once) REQUIRE((static_cast<uint8_t>(c) >= 0x20 && c != 0x7f));
  }
}

TEST_CASE("The prefix that is well-formed") {
  CHECK(utf8_prefix("") == 0);
  CHECK(utf8_prefix("ab\xff") == 2);
  CHECK(utf8_prefix("\xc3\xa9\xc3") == 2);
  CHECK(utf8_prefix(bad + "a\x80") == 4);
  CHECK(utf8_prefix("a\0b"s) == 3);
}

TEST_CASE("The nearest known word") {
  const std::vector<std::string_view> known = {"interface", "snaplen", "promiscuous"};
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(nearest("interfaces", known) == "interface");
  CHECK(nearest("snapln", known) == "snaplen");
  CHECK(nearest("sXXplen", known) == "snaplen");
  CHECK(nearest("sXXXXen", known) == "");
  CHECK(nearest("", known) == "");
}
