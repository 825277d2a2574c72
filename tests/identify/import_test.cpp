// SPDX-License-Identifier: Apache-2.0
#include "identify/import.hpp"

#include <fstream>
#include <random>
#include <sstream>

#include "identify/csv.hpp"
#include "identify/enterprise.hpp"
#include "identify/registry.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view head = "Registry,Assignment,Organization Name,Organization Address\r\n";
constexpr ImportOptions forced{2026y / 11 / 23, true};

std::string read(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("CSV is read with quotes, doubled quotes and line breaks") {
  CsvReader csv("a,\"b, \"\"c\"\"\r\nd\",\r\n\r\ne\n");
  REQUIRE(csv.next());
  CHECK(csv.cells() == Lines{"a", "b, \"c\"\r\nd", ""});
  CHECK(csv.line() == 1);
  REQUIRE(csv.next());
  CHECK(csv.cells() == Lines{"e"});
  CHECK(csv.line() == 4);
  CHECK_FALSE(csv.next());
  CHECK(csv.error().empty());
  for (const char* broken : {"\"open", "a\"b,c", "\"a\"b", "\"a\"\"", "a\rb"}) {
    CsvReader bad(broken);
    CHECK_FALSE(bad.next());
    CHECK_FALSE(bad.error().empty());
    CHECK_FALSE(bad.next());
  }
}

TEST_CASE("The IEEE's publications become one table") {
  Directory directory;
  std::vector<std::filesystem::path> files{
      directory.write("oui.csv", std::string(head) +
                                     "MA-L,00E0FC,\"HUAWEI TECHNOLOGIES CO.,LTD\",\"D1-4,Huawei "
                                     "Industrial Base  Shenzhen Guangdong CN 518129 \"\r\n"
                                     "MA-L,00E101,Private,\r\n"
                                     "MA-L,00E102,Dutch BV,Amsterdam NL 1234 AB\r\n"),
      directory.write("oui36.csv",
                      std::string(head) + "MA-S,70b3d5001,\"A\tB\nC\",Street 1 Bonn DE 53111\n")};
  std::filesystem::path target = directory.path() / "ieee.tsv";
  Diagnostics diagnostics;
  CHECK(import_ieee(files, target, forced, diagnostics) == 4);
  CHECK(told(diagnostics) == Lines{});
  CHECK(read(target) ==
        "# ieee-registry as-of 2026-11-23\n"
        "00E0FC\tHUAWEI TECHNOLOGIES CO.,LTD\tCN\n"
        "00E101\tPrivate\t\n"
        "00E102\tDutch BV\tNL\n"
        "70B3D5001\tA B C\tDE\n");
  CHECK_FALSE(std::filesystem::exists(directory.path() / "ieee.tsv.new"));
  CHECK(Registry::load(target, diagnostics).size() == 4);
  CHECK(told(diagnostics) == Lines{});
}

TEST_CASE("A publication with mistakes leaves the table as it was") {
  Directory directory;
  std::filesystem::path target = directory.write("ieee.tsv", "as it was");
  std::vector<std::filesystem::path> files{
      directory.write("a.csv", std::string(head) + "MA-L,00E0F,Short,CN\n"
                                                   "MA-S,00E0FC,Wrong Length,CN\n"
                                                   "MA-X,00E0FC,Unknown,CN\n"
                                                   "MA-L,00E0FC,,CN\n"
                                                   "MA-L,00E0FC\n"
                                                   "MA-L,00E0FC,\"open\n"),
      directory.write("b.csv", "<html>\n"), directory.path() / "c.csv"};
  Diagnostics diagnostics;
  CHECK_FALSE(import_ieee(files, target, forced, diagnostics));
  CHECK(told(diagnostics) ==
        Lines{"a.csv:2:1: Assignment: \"00E0F\" is not 6 hexadecimal digits",
              "a.csv:3:1: Assignment: \"00E0FC\" is not 9 hexadecimal digits",
              "a.csv:4:1: Registry: \"MA-X\" is unknown, allowed are MA-L, MA-M, MA-S, IAB and CID",
              "a.csv:5:1: Organization Name: empty", "a.csv:6:1: 2 cells, wanted are 4",
              "a.csv:7:1: a quote that is never closed",
              "b.csv:1:1: the first line must be 'Registry,Assignment,Organization "
              "Name,Organization Address'",
              "c.csv: cannot be read: no such file", "c.csv: nothing was imported"});
  CHECK(read(target) == "as it was");
}

TEST_CASE("A publication of few rows is a torn one unless forced") {
  Directory directory;
  std::vector<std::filesystem::path> files{
      directory.write("oui.csv", std::string(head) + "MA-L,00E0FC,Acme,CN\n")};
  Diagnostics diagnostics;
  CHECK_FALSE(
      import_ieee(files, directory.path() / "ieee.tsv", {2026y / 11 / 23, false}, diagnostics));
  CHECK(told(diagnostics) == Lines{"oui.csv: 1 rows, at least 1000 are wanted unless forced"});
  CHECK_FALSE(std::filesystem::exists(directory.path() / "ieee.tsv"));
}

TEST_CASE("IANA's text becomes a table") {
  Directory directory;
  std::filesystem::path file = directory.write(
      "enterprise-numbers.txt",
      "PRIVATE ENTERPRISE NUMBERS\n\n(last updated 2026-10-05)\n\nDecimal\n| Organization\n"
      "| | Contact\n| | | Email\n| | | |\n"
      "0\n  Reserved\n    Somebody\n      iana&iana.org\n"
      "10\n  Acme  \n    17\n      wile&acme.example\n"
      "2\n\n"
      "9\r\n  ciscoSystems\r\n    Dave Jones\r\n\nEnd of Document\n");
  std::filesystem::path target = directory.path() / "enterprise-numbers.tsv";
  Diagnostics diagnostics;
  CHECK(import_enterprise_numbers(file, target, forced, diagnostics) == 3);
  CHECK(told(diagnostics) == Lines{});
  CHECK(read(target) ==
        "# enterprise-numbers as-of 2026-10-05\n0\tReserved\n9\tciscoSystems\n10\tAcme\n");
  CHECK(EnterpriseNumbers::load(target, diagnostics).lookup(9) == "ciscoSystems");
}

TEST_CASE("Mistakes in IANA's text are told with their line") {
  Directory directory;
  std::filesystem::path file =
      directory.write("numbers.txt", "9\n  Cisco\n9\n  Again\n99999999999\n  Much\n7x\n  Odd\n");
  Diagnostics diagnostics;
  CHECK_FALSE(import_enterprise_numbers(file, directory.path() / "n.tsv", forced, diagnostics));
  CHECK(told(diagnostics) ==
        Lines{"numbers.txt:3:1: 9 stands twice",
              "numbers.txt:5:1: \"99999999999\" is not a number up to 4294967295",
              "numbers.txt:7:1: \"7x\" is not a number up to 4294967295"});
}

TEST_CASE("No octets in a publication or a table do harm") {
  Directory directory;
  std::string csv = std::string(head) + "MA-L,00E0FC,\"Acme, \"\"Ltd\"\"\",Bonn DE 53111\r\n";
  std::string numbers = "(last updated 2026-10-05)\n0\n  Reserved\n    Who\n9\n  Cisco\n";
  std::string table = "# ieee-registry as-of 2026-08-26\n00E0FC\tAcme\tCN\n70B3D5001\tB\t\n";
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    for (std::string* text : {&csv, &numbers, &table}) {
      std::string mutated = *text;
      for (unsigned i = random() % 4 + 1; i != 0; --i)
        mutated[random() % mutated.size()] = static_cast<char>(random());
      if (random() % 4 == 0) mutated.resize(random() % mutated.size());
      std::filesystem::path file = directory.write("mutated", mutated);
      std::vector<std::filesystem::path> files{file};
      Diagnostics diagnostics;
      import_ieee(files, directory.path() / "ieee.tsv", forced, diagnostics);
      import_enterprise_numbers(file, directory.path() / "numbers.tsv", forced, diagnostics);
      Registry registry = Registry::load(file, diagnostics);
      for (const Assignment& assignment : registry.assignments())
        CHECK(registry.lookup(prefix_text(assignment).substr(0, 13)).has_value());
      EnterpriseNumbers::load(file, diagnostics);
    }
  }
}
