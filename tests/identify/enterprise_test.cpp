// SPDX-License-Identifier: Apache-2.0
#include "identify/enterprise.hpp"

#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

TEST_CASE("The enterprise number is the arc below 1.3.6.1.4.1") {
  CHECK(enterprise_of_oid("1.3.6.1.4.1.2011.2.23.95") == 2011);
  CHECK(enterprise_of_oid(".1.3.6.1.4.1.39165") == 39165);
  CHECK(enterprise_of_oid("1.3.6.1.4.1.4294967295.1") == 4294967295);
  CHECK_FALSE(enterprise_of_oid("1.3.6.1.4.1.4294967296"));
  CHECK_FALSE(enterprise_of_oid("1.3.6.1.4.1"));
  CHECK_FALSE(enterprise_of_oid("1.3.6.1.4.1."));
  CHECK_FALSE(enterprise_of_oid("1.3.6.1.4.1..5"));
  CHECK_FALSE(enterprise_of_oid("1.3.6.1.4.10.2011"));
  CHECK_FALSE(enterprise_of_oid("1.3.6.1.2.1.1"));
  CHECK_FALSE(enterprise_of_oid("1.3.6.1.4.1.-1"));
  CHECK_FALSE(enterprise_of_oid(""));
}

TEST_CASE("Enterprise numbers are found whatever their order") {
  Directory directory;
  Diagnostics diagnostics;
  EnterpriseNumbers numbers = EnterpriseNumbers::load(
      directory.write("numbers.tsv",
                      "# enterprise-numbers as-of 2024-08-23\n3902\tZTE\n2011\tHUAWEI\n"),
      diagnostics);
  CHECK(told(diagnostics) == Lines{});
  CHECK(numbers.lookup(2011) == "HUAWEI");
  CHECK(numbers.lookup(3902) == "ZTE");
  CHECK_FALSE(numbers.lookup(2012));
  CHECK(numbers.as_of().has_value());
}

TEST_CASE("Malformed lines of the enterprise numbers are told with their place") {
  Directory directory;
  Diagnostics diagnostics;
  EnterpriseNumbers numbers = EnterpriseNumbers::load(
      directory.write("numbers.tsv", "2011\tHUAWEI\nx\tX\n4294967296\tY\n7\t\n"), diagnostics);
  CHECK(told(diagnostics) ==
        Lines{"numbers.tsv:1:1: the first line must be '# enterprise-numbers as-of YYYY-MM-DD'",
              "numbers.tsv:2:1: number: \"x\" is not a number up to 4294967295",
              "numbers.tsv:3:1: number: \"4294967296\" is not a number up to 4294967295",
              "numbers.tsv:4:3: organisation: missing, a line is number, tab, organisation"});
  CHECK(numbers.lookup(2011) == "HUAWEI");
}

TEST_CASE("The enterprise numbers that ship are whole") {
  Diagnostics diagnostics;
  EnterpriseNumbers numbers = EnterpriseNumbers::load(
      rules_directory() / "registries" / "enterprise-numbers.tsv", diagnostics);
  CHECK(told(diagnostics) == Lines{});
  CHECK(numbers.size() > 60'000);
  CHECK(numbers.lookup(9) == "ciscoSystems");
}
