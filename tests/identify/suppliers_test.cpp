// SPDX-License-Identifier: Apache-2.0
#include "identify/suppliers.hpp"

#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr std::string_view acme =
    "id: acme\n"
    "name: Acme\n"
    "country: CN\n"
    "registrants: [\"ACME  Technologies CO.,LTD\"]\n"
    "enterprise_numbers: [77]\n"
    "squatted_enterprise_numbers: [50001]\n"
    "members:\n"
    "  - name: Roadrunner\n"
    "    relation: subsidiary\n"
    "    until: 2024-01-01\n"
    "    registrants: [Roadrunner Software]\n"
    "    enterprise_numbers: [78]\n";

struct Loaded {
  Loaded() = default;
  void load(std::vector<std::filesystem::path> directories) {
    suppliers = Suppliers::load(directories, diagnostics);
  }
  Directory ours;
  Directory operators;
  Diagnostics diagnostics;
  Suppliers suppliers;
};

}  // namespace

TEST_CASE("Names are folded before they are compared") {
  CHECK(fold_name("  HUAWEI TECHNOLOGIES  CO.,LTD. ") == "huawei technologies co ltd");
  CHECK(fold_name("...") == "");
  CHECK(fold_name("Acme (HongKong\xef\xbc\x89Limited") == "acme hongkong limited");
  CHECK(fold_name("\xef\xbc\xa1\xef\xbd\x83me\xe3\x80\x80"
                  "A\xe2\x80\x99s\xc2\xa0x") == "acme a s x");
  CHECK(fold_name("\xef\xbc") == "\xef\xbc");
  CHECK(fold_name("\xff\x80z") == "\xff\x80z");
  CHECK(fold_name("T\xc3\xa9l\xc3\xa9"
                  "com") ==
        "t\xc3\xa9l\xc3\xa9"
        "com");
}

TEST_CASE("A registrant is a supplier's by its whole name") {
  Loaded loaded;
  loaded.ours.write("acme.yaml", acme);
  loaded.load({loaded.ours.path()});
  CHECK(told(loaded.diagnostics) == Lines{});
  std::optional<Holder> holder = loaded.suppliers.of_registrant("Acme Technologies Co., Ltd.");
  REQUIRE(holder);
  CHECK(holder->supplier->id == "acme");
  CHECK(holder->member == nullptr);
  CHECK_FALSE(loaded.suppliers.of_registrant("Acme Technologies"));
  CHECK_FALSE(loaded.suppliers.of_registrant("New Acme Technologies Co., Ltd."));
  holder = loaded.suppliers.of_registrant("ROADRUNNER SOFTWARE");
  REQUIRE(holder);
  CHECK(holder->member->name == "Roadrunner");
}

TEST_CASE("A number is a supplier's, a member's or squatted") {
  Loaded loaded;
  loaded.ours.write("acme.yaml", acme);
  loaded.load({loaded.ours.path()});
  CHECK_FALSE(loaded.suppliers.of_enterprise(77).value().squatted);
  CHECK(loaded.suppliers.of_enterprise(50001).value().squatted);
  CHECK(loaded.suppliers.of_enterprise(78).value().member->name == "Roadrunner");
  CHECK_FALSE(loaded.suppliers.of_enterprise(79));
}

TEST_CASE("An operator's supplier file replaces ours") {
  Loaded loaded;
  loaded.ours.write("acme.yaml", acme);
  loaded.operators.write("acme.yaml", "id: acme\nname: Own Acme\ncountry: CN\n");
  loaded.operators.write("more.yaml",
                         "id: more\nname: More\ncountry: DE\nregistrants: [Roadrunner Software]\n");
  loaded.load({loaded.ours.path(), loaded.operators.path()});
  CHECK(told(loaded.diagnostics) == Lines{});
  CHECK(loaded.suppliers.all().size() == 2);
  CHECK(loaded.suppliers.find("acme")->name == "Own Acme");
  CHECK_FALSE(loaded.suppliers.of_enterprise(77));
  CHECK(loaded.suppliers.of_registrant("Roadrunner Software").value().supplier->id == "more");
}

TEST_CASE("Suppliers that clash are told with their place") {
  Loaded loaded;
  loaded.ours.write("acme.yaml", acme);
  loaded.ours.write("bolt.yaml",
                    "id: bolt\n"
                    "name: Bolt\n"
                    "country: cn\n"
                    "registrants:\n"
                    "  - Acme Technologies Co Ltd\n"
                    "  - '...'\n"
                    "enterprise_numbers: [78, 50001]\n"
                    "formerly:\n"
                    "  - supplier: acmee\n"
                    "    until: 2020-11-17\n"
                    "  - supplier: wholly-unknown\n");
  loaded.ours.write("copy.yaml", "id: acme\nname: Copy\ncountry: CN\n");
  loaded.load({loaded.ours.path()});
  loaded.diagnostics.sort();
  CHECK(told(loaded.diagnostics) ==
        Lines{"bolt.yaml:3:10: country: \"cn\" is not two capital letters",
              "bolt.yaml:5:5: registrants[0]: \"Acme Technologies Co Ltd\" is a registrant of acme "
              "already",
              "bolt.yaml:6:5: registrants[1]: needs a letter or a digit",
              "bolt.yaml:7:22: enterprise_numbers[0]: 78 is a number of acme (Roadrunner) already",
              "bolt.yaml:7:26: enterprise_numbers[1]: 50001 is a number of acme already",
              "bolt.yaml:9:15: formerly[0].supplier: \"acmee\" is an unknown supplier, did you "
              "mean \"acme\"?",
              "bolt.yaml:11:15: formerly[1].supplier: \"wholly-unknown\" is an unknown supplier",
              "copy.yaml:1:1: id: \"acme\" is that of acme.yaml too",
              "copy.yaml:1:5: id: \"acme\" is not the name of the file, \"copy\""});
}

TEST_CASE("Members are checked as they are read") {
  Loaded loaded;
  loaded.ours.write("acme.yaml",
                    "id: acme\n"
                    "name: Acme\n"
                    "country: CN\n"
                    "members:\n"
                    "  - relation: cousin\n"
                    "    from: 2024-01-01\n"
                    "    until: 2023-01-01\n"
                    "    enterprise_numbers: [0]\n"
                    "    colour: red\n");
  loaded.load({loaded.ours.path()});
  loaded.diagnostics.sort();
  CHECK(told(loaded.diagnostics) ==
        Lines{"acme.yaml:5:5: members[0].name: missing",
              "acme.yaml:5:5: members[0]: until is before from",
              "acme.yaml:5:15: members[0].relation: \"cousin\" is unknown, allowed are subsidiary, "
              "affiliate, partner, component, rebrand and operator",
              "acme.yaml:8:26: members[0].enterprise_numbers[0]: 0 is out of range, allowed are 1 "
              "to 4294967295",
              "acme.yaml:9:5: members[0].colour: unknown key, allowed are addresses, "
              "enterprise_numbers, from, name, registrants, relation, source and until"});
}

TEST_CASE("A directory that is not there is told") {
  Loaded loaded;
  loaded.load({loaded.ours.path() / "nowhere"});
  CHECK(told(loaded.diagnostics) == Lines{"nowhere: cannot be read: No such file or directory"});
}

TEST_CASE("The suppliers that ship are whole") {
  Loaded loaded;
  loaded.load({rules_directory() / "suppliers"});
  CHECK(told(loaded.diagnostics) == Lines{});
  for (const char* id : {"huawei", "zte", "hikvision", "dahua", "hytera", "tp-link", "dji", "h3c"})
    CHECK(loaded.suppliers.find(id) != nullptr);
}
