// SPDX-License-Identifier: Apache-2.0
#include "identify/registry.hpp"

#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr std::string_view divided =
    "# ieee-registry as-of 2026-08-26\n"
    "70B3D5001\tSmall Block Ltd\tDE\n"
    "00E0FC\tHUAWEI TECHNOLOGIES CO.,LTD\tCN\n"
    "70B3D5\tIEEE Registration Authority\tUS\n"
    "8C1F64\tIEEE Registration Authority\tUS\n"
    "8C1F640\tMedium Block Ltd\t\n"
    "# a comment\n"
    "\n"
    "028037\tTaken With The Local Bit\r\n"
    "3A72C2\tCompany With An Id\tCN\n"
    "8C1F64012\tInside Medium Ltd\tFR\n";

struct Loaded {
  explicit Loaded(std::string_view text)
      : registry(Registry::load(directory.write("ieee.tsv", text), diagnostics)) {}
  std::string_view registrant(std::string_view mac) const {
    std::optional<Assignment> found = registry.lookup(parse_mac(mac).value());
    return found ? found->registrant : "nobody";
  }
  Directory directory;
  Diagnostics diagnostics;
  Registry registry;
};

}  // namespace

TEST_CASE("The longest prefix of the registry wins") {
  Loaded loaded(divided);
  CHECK(told(loaded.diagnostics) == Lines{});
  CHECK(loaded.registry.size() == 8);
  CHECK(loaded.registrant("00:e0:fc:12:34:56") == "HUAWEI TECHNOLOGIES CO.,LTD");
  CHECK(loaded.registrant("70:b3:d5:00:1f:ff") == "Small Block Ltd");
  CHECK(loaded.registrant("70:b3:d5:00:2f:ff") == "nobody");
  CHECK(loaded.registrant("8c:1f:64:0f:ff:ff") == "Medium Block Ltd");
  CHECK(loaded.registrant("8c:1f:64:01:2f:ff") == "Inside Medium Ltd");
  CHECK(loaded.registrant("8c:1f:64:10:00:00") == "nobody");
  CHECK(loaded.registrant("00:e0:fd:12:34:56") == "nobody");
}

TEST_CASE("Local and group addresses are not asked of the registry") {
  Loaded loaded(divided);
  CHECK(loaded.registrant("02:80:37:00:00:01") == "nobody");
  CHECK(loaded.registrant("01:e0:fc:12:34:56") == "nobody");
  CHECK(administration(parse_mac("02:80:37:00:00:01").value()) == Administration::local);
  CHECK(administration(parse_mac("01:00:5e:00:00:01").value()) == Administration::group);
  CHECK(administration(parse_mac("ff:ff:ff:ff:ff:ff").value()) == Administration::group);
  CHECK(administration(parse_mac("00:e0:fc:00:00:01").value()) == Administration::universal);
}

TEST_CASE("A local address that extends a company id is that company's") {
  Loaded loaded(divided);
  CHECK(loaded.registrant("3a:72:c2:00:00:01") == "Company With An Id");
  CHECK(loaded.registrant("3b:72:c2:00:00:01") == "nobody");  // a group
  CHECK(loaded.registrant("3a:72:c3:00:00:01") == "nobody");
  CHECK(administration(parse_mac("3a:72:c2:00:00:01").value()) == Administration::local);
}

TEST_CASE("A prefix is looked up as text") {
  Registry moved = std::move(Loaded(divided).registry);
  std::optional<Assignment> found = moved.lookup("00:e0:fc");
  REQUIRE(found);
  CHECK(found->registrant == "HUAWEI TECHNOLOGIES CO.,LTD");
  CHECK(found->country == "CN");
  CHECK(found->bits == 24);
  CHECK(prefix_text(*found) == "00:e0:fc");
  CHECK(moved.lookup("00E0.FC12").has_value());
  CHECK(prefix_text(moved.lookup("70b3d5001").value()) == "70:b3:d5:00:1/36");
  CHECK(moved.lookup("8C-1F-64-0").value().country.empty());
  CHECK(moved.lookup("028037").value().registrant == "Taken With The Local Bit");
  CHECK_FALSE(moved.lookup("70b3d5"));
  CHECK_FALSE(moved.lookup("00e0f"));
  CHECK_FALSE(moved.lookup("00:e0:fc:00:00:00:00"));
  CHECK_FALSE(moved.lookup("wholly else"));
  CHECK_FALSE(moved.lookup(""));
}

TEST_CASE("The registry's copy has a day") {
  CHECK(Loaded(divided).registry.as_of() == std::chrono::year_month_day(std::chrono::year(2026),
                                                                        std::chrono::month(8),
                                                                        std::chrono::day(26)));
}

TEST_CASE("Malformed lines of the registry are told with their place") {
  Loaded loaded(
      "# ieee-registry as-of 2026-02-30\n"
      "00E0F\tTwo Digits Short\tCN\n"
      "00E0FG\tNo Digit\tCN\n"
      "00E0FC\t\tCN\n"
      "00E0FC\tWrong Country\tchina\n"
      "00E0FC\tBell\a\tCN\n"
      "00E0FC\n"
      "00E0FC\tRight\tCN\n");
  CHECK(told(loaded.diagnostics) ==
        Lines{"ieee.tsv:1:1: the first line must be '# ieee-registry as-of YYYY-MM-DD'",
              "ieee.tsv:2:1: prefix: \"00E0F\" is not 6, 7 or 9 hexadecimal digits",
              "ieee.tsv:3:1: prefix: \"00E0FG\" is not 6, 7 or 9 hexadecimal digits",
              "ieee.tsv:4:8: registrant: must be 1 to 1000 octets long",
              "ieee.tsv:5:22: country: \"china\" is not two capital letters",
              "ieee.tsv:6:12: a control character, only text and tabs are allowed",
              "ieee.tsv:7:7: registrant: must be 1 to 1000 octets long"});
  CHECK(loaded.registrant("00:e0:fc:00:00:01") == "Right");
}

TEST_CASE("A registry that is no text stops being read after a hundred mistakes") {
  std::string noise;
  for (int i = 0; i < 100'000; ++i) noise += static_cast<char>(i * 7 % 251), noise += '\n';
  Loaded loaded(noise);
  CHECK(loaded.diagnostics.all().size() <= 102);
  CHECK(loaded.registry.size() == 0);

  Diagnostics diagnostics;
  CHECK(Registry::load("/nowhere/ieee.tsv", diagnostics).size() == 0);
  CHECK(told(diagnostics) == Lines{"ieee.tsv: cannot be read: no such file"});
  CHECK(Loaded("").registry.size() == 0);
}

TEST_CASE("The registry that ships is whole") {
  Diagnostics diagnostics;
  Registry registry = Registry::load(rules_directory() / "registries" / "ieee.tsv", diagnostics);
  CHECK(told(diagnostics) == Lines{});
  CHECK(registry.size() > 50'000);
  CHECK(registry.as_of().has_value());
  CHECK(registry.lookup("00:e0:fc").value().registrant == "HUAWEI TECHNOLOGIES CO.,LTD");
  CHECK(registry.lookup(parse_mac("3a:72:c2:00:00:01").value()).value().registrant ==
        "Huawei Technologies Co.,Ltd");
  // 70-B3-D5 is the registry's own: of its parts only those that somebody took are known.
  CHECK_FALSE(registry.lookup("70:b3:d5"));
  CHECK(registry.lookup("70:b3:d5:00:10:00").value().bits == 36);
  for (const Assignment& assignment : registry.assignments())
    if (assignment.bits == 36 && assignment.registrant != "IEEE Registration Authority") {
      std::optional<Assignment> found = registry.lookup(mac_from(assignment.prefix << 12));
      if (!found || found->registrant != assignment.registrant) FAIL(assignment.registrant);
    }
}
