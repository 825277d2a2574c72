// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.hpp"

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

struct Loaded {
  void load(std::vector<std::filesystem::path> directories) {
    policies = Policies::load(directories, made_up_knowledge().suppliers, diagnostics);
    diagnostics.sort();
  }
  /// "policy: scope" of each hit.
  Lines hits(std::string_view supplier, Date day, std::vector<std::string> active = {}) const {
    Lines lines;
    for (const Hit& hit : policies.hits(supplier, active, day))
      lines.push_back(hit.policy->id + ": " + hit.entry->scope);
    return lines;
  }
  Directory ours;
  Directory operators;
  Diagnostics diagnostics;
  Policies policies;
};

constexpr std::string_view ban =
    "id: ban\n"
    "title: A ban\n"
    "authority: Somewhere\n"
    "country: US\n"
    "kind: use_ban\n"
    "source: Law 1\n"
    "as_of: 2026-09-15\n"
    "entries:\n"
    "  - supplier: acme\n"
    "    scope: all\n"
    "    severity: critical\n"
    "    from: 2020-02-29\n"
    "    until: 2024-12-31\n"
    "    source: Law 1, section 2\n"
    "  - supplier: bolt\n"
    "    scope: cameras\n"
    "    severity: low\n";

}  // namespace

TEST_CASE("A policy is read with its entries", "[policy]") {
  Loaded loaded;
  loaded.ours.write("ban.yaml", ban);
  loaded.load({loaded.ours.path()});
  CHECK(told(loaded.diagnostics) == Lines{});
  REQUIRE(loaded.policies.all().size() == 1);
  const Policy* policy = loaded.policies.find("ban");
  REQUIRE(policy);
  CHECK(policy->title == "A ban");
  CHECK(policy->authority == "Somewhere");
  CHECK(policy->country == "US");
  CHECK(policy->kind == PolicyKind::use_ban);
  CHECK(policy->source == "Law 1");
  CHECK(policy->as_of == 2026y / 9 / 15);
  REQUIRE(policy->entries.size() == 2);
  CHECK(policy->entries[0].severity == Severity::critical);
  CHECK(policy->entries[0].from == 2020y / 2 / 29);
  CHECK(policy->entries[0].until == 2024y / 12 / 31);
  CHECK(policy->entries[0].source == "Law 1, section 2");
  CHECK(policy->entries[1].severity == Severity::low);
  CHECK(policy->entries[1].source == "Law 1");  // the policy's where it has none
  CHECK_FALSE(policy->entries[1].from);
  CHECK_FALSE(policy->entries[1].until);
  CHECK(loaded.policies.find("bans") == nullptr);
}

TEST_CASE("An entry is in force from its first day to its last, both included", "[policy]") {
  Loaded loaded;
  loaded.ours.write("ban.yaml", ban);
  loaded.load({loaded.ours.path()});
  CHECK(loaded.hits("acme", 2020y / 2 / 28) == Lines{});
  CHECK(loaded.hits("acme", 2020y / 2 / 29) == Lines{"ban: all"});
  CHECK(loaded.hits("acme", 2024y / 12 / 31) == Lines{"ban: all"});
  CHECK(loaded.hits("acme", 2025y / 1 / 1) == Lines{});
  CHECK(loaded.hits("bolt", 1970y / 1 / 1) == Lines{"ban: cameras"});
  CHECK(loaded.hits("bolt", 9999y / 12 / 31) == Lines{"ban: cameras"});
  CHECK(loaded.hits("somebody", 2022y / 1 / 1) == Lines{});
  CHECK(loaded.hits("", 2022y / 1 / 1) == Lines{});
}

TEST_CASE("Only the active policies are judged by, all of them where none is named", "[policy]") {
  Loaded loaded;
  auto policy = [](std::string id) {
    return "id: " + id +
           "\ntitle: T\nauthority: A\nkind: guidance\nsource: S\nas_of: 2026-01-01\n" +
           "entries:\n  - {supplier: acme, scope: one, severity: low}\n" +
           "  - {supplier: acme, scope: two, severity: high}\n";
  };
  loaded.ours.write("zeal.yaml", policy("zeal"));
  loaded.ours.write("ask.yaml", policy("ask"));
  loaded.load({loaded.ours.path()});
  CHECK(told(loaded.diagnostics) == Lines{});
  CHECK(loaded.hits("acme", 2026y / 1 / 1) ==
        Lines{"ask: one", "ask: two", "zeal: one", "zeal: two"});
  CHECK(loaded.hits("acme", 2026y / 1 / 1, {"zeal"}) == Lines{"zeal: one", "zeal: two"});
  CHECK(loaded.hits("acme", 2026y / 1 / 1, {"nothing"}) == Lines{});
}

TEST_CASE("An operator's policy replaces ours of the same id", "[policy]") {
  Loaded loaded;
  loaded.ours.write("ban.yaml", ban);
  loaded.operators.write("ban.yaml",
                         "id: ban\ntitle: Own\nauthority: Us\nkind: guidance\nsource: S\n"
                         "as_of: 2026-01-01\nentries: []\n");
  loaded.load({loaded.ours.path(), loaded.operators.path()});
  CHECK(told(loaded.diagnostics) == Lines{});
  REQUIRE(loaded.policies.all().size() == 1);
  CHECK(loaded.policies.find("ban")->title == "Own");
  CHECK(loaded.hits("bolt", 2022y / 1 / 1) == Lines{});
}

TEST_CASE("Every mistake in a policy is told with its place", "[policy]") {
  Loaded loaded;
  loaded.ours.write("ban.yaml",
                    "id: bann\n"
                    "titel: A ban\n"
                    "authority: \n"
                    "kind: use-ban\n"
                    "source: Law 1\n"
                    "as_of: 2026-02-30\n"
                    "entries:\n"
                    "  - supplier: acmee\n"
                    "    scope: all\n"
                    "    severity: grave\n"
                    "    from: soon\n"
                    "  - supplier: wholly-unknown\n"
                    "    severity: low\n"
                    "  - supplier: bolt\n"
                    "    scope: cameras\n"
                    "    severity: hihg\n"
                    "    from: 2024-01-02\n"
                    "    until: 2024-01-01\n"
                    "    untill: 2025-01-01\n"
                    "  - supplier: bolt\n"
                    "    scope: cameras\n"
                    "    severity: low\n");
  loaded.load({loaded.ours.path()});
  CHECK(told(loaded.diagnostics) ==
        Lines{
            "ban.yaml:1:1: title: missing",
            "ban.yaml:1:5: id: is \"bann\" but the file is called \"ban.yaml\"",
            "ban.yaml:2:1: titel: unknown key, did you mean \"title\"?",
            "ban.yaml:3:1: authority: empty, a text is wanted",
            "ban.yaml:4:7: kind: \"use-ban\" is unknown, did you mean \"use_ban\"? Allowed are "
            "use_ban, authorisation, procurement, export_control, investment, guidance and "
            "proposal",
            "ban.yaml:6:8: as_of: 2026-02-30 is not in the calendar",
            "ban.yaml:8:15: entries[0].supplier: \"acmee\" is an unknown supplier, did you mean "
            "\"acme\"?",
            "ban.yaml:10:15: entries[0].severity: \"grave\" is unknown, allowed are low, medium, "
            "high and critical",
            "ban.yaml:11:11: entries[0].from: \"soon\" is not a date, wanted is YYYY-MM-DD",
            "ban.yaml:12:5: entries[1].scope: missing",
            "ban.yaml:12:15: entries[1].supplier: \"wholly-unknown\" is an unknown supplier",
            "ban.yaml:16:15: entries[2].severity: \"hihg\" is unknown, did you mean \"high\"? "
            "Allowed are low, medium, high and critical",
            "ban.yaml:18:12: entries[2].until: is before \"from\"",
            "ban.yaml:19:5: entries[2].untill: unknown key, did you mean \"until\"?",
            "ban.yaml:20:5: entries[3]: has the supplier and the scope of another entry",
        });
}

TEST_CASE("An entry of one day is an entry", "[policy]") {
  Loaded loaded;
  loaded.ours.write("day.yaml",
                    "id: day\ntitle: T\nauthority: A\nkind: proposal\nsource: S\n"
                    "as_of: 2026-01-01\nentries:\n"
                    "  - {supplier: acme, scope: one, severity: low, from: 2024-05-01,"
                    " until: 2024-05-01}\n");
  loaded.load({loaded.ours.path()});
  CHECK(told(loaded.diagnostics) == Lines{});
  CHECK(loaded.hits("acme", 2024y / 4 / 30) == Lines{});
  CHECK(loaded.hits("acme", 2024y / 5 / 1) == Lines{"day: one"});
  CHECK(loaded.hits("acme", 2024y / 5 / 2) == Lines{});
}

TEST_CASE("The policies that ship name suppliers that ship", "[policy]") {
  Diagnostics diagnostics;
  std::vector<std::filesystem::path> suppliers{rules_directory() / "suppliers"};
  std::vector<std::filesystem::path> directories{rules_directory() / "policies"};
  Policies policies =
      Policies::load(directories, Suppliers::load(suppliers, diagnostics), diagnostics);
  CHECK(told(diagnostics) == Lines{});
  std::vector<std::string> active{"us-ndaa-889"};
  // In force since the law of 2018-08-13, for its five.
  for (const char* id : {"huawei", "zte", "hikvision", "dahua", "hytera"}) {
    CHECK(policies.hits(id, active, 2018y / 8 / 12).empty());
    CHECK(policies.hits(id, active, 2018y / 8 / 13).size() == 1);
  }
  CHECK(policies.hits("dji", active, 2026y / 1 / 1).empty());
}
