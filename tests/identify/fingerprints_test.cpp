// SPDX-License-Identifier: Apache-2.0
#include "identify/fingerprints.hpp"

#include "identify/pattern.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr std::string_view acme = "id: acme\nname: Acme\ncountry: CN\n";

constexpr std::string_view ssh =
    "protocol: ssh\n"
    "fingerprints:\n"
    "  - id: acme-test\n"
    "    field: banner\n"
    "    pattern: '^SSH-2\\.0-ACME-Test'\n"
    "    source: a test\n"
    "  - id: acme-ssh\n"
    "    field: banner\n"
    "    pattern: '^SSH-[0-9.]+-ACME-([A-Z]+)-?([0-9.]+)?'\n"
    "    supplier: acme\n"
    "    brand: Acme\n"
    "    model: '\\1'\n"
    "    software: 'AOS \\2'\n"
    "    certainty: high\n"
    "    source: a test\n"
    "    examples:\n"
    "      - text: SSH-2.0-ACME-RX-3.1\n"
    "        model: RX\n"
    "        software: AOS 3.1\n"
    "    counterexamples:\n"
    "      - SSH-2.0-OpenSSH_9.2p1\n";

struct Loaded {
  Loaded() { suppliers_directory.write("acme.yaml", acme); }
  void load(std::vector<std::filesystem::path> directories) {
    std::vector<std::filesystem::path> sources{suppliers_directory.path()};
    suppliers = Suppliers::load(sources, diagnostics);
    fingerprints = Fingerprints::load(directories, suppliers, diagnostics);
  }
  std::optional<Match> banner(std::string_view text) const {
    return fingerprints.match(Protocol::ssh, Field::banner, text);
  }
  Directory suppliers_directory;
  Directory ours;
  Directory operators;
  Diagnostics diagnostics;
  Suppliers suppliers;
  Fingerprints fingerprints;
};

}  // namespace

TEST_CASE("The first row that matches wins, with what it captured") {
  Loaded loaded;
  loaded.ours.write("ssh.yaml", ssh);
  loaded.load({loaded.ours.path()});
  CHECK(told(loaded.diagnostics) == Lines{});
  std::optional<Match> match = loaded.banner("SSH-2.0-ACME-RX-3.1");
  REQUIRE(match);
  CHECK(match->row->id == "acme-ssh");
  CHECK(match->brand == "Acme");
  CHECK(match->model == "RX");
  CHECK(match->software == "AOS 3.1");
  CHECK(loaded.banner("SSH-2.0-ACME-RX").value().software == "AOS");
  CHECK(loaded.banner("SSH-2.0-ACME-Test").value().row->supplier.empty());
  CHECK_FALSE(loaded.banner("x SSH-2.0-ACME-RX"));
  CHECK_FALSE(loaded.banner(""));
  CHECK_FALSE(loaded.fingerprints.match(Protocol::ssh, Field::client_banner, "SSH-2.0-ACME-RX"));
  loaded.fingerprints.try_examples(loaded.diagnostics);
  CHECK(told(loaded.diagnostics) == Lines{});
}

TEST_CASE("An operator's fingerprints are asked before ours") {
  Loaded loaded;
  loaded.ours.write("ssh.yaml", ssh);
  loaded.operators.write("ssh.yaml",
                         "protocol: ssh\nfingerprints:\n  - id: own\n    field: banner\n"
                         "    pattern: ACME-RX\n    source: own\n");
  loaded.load({loaded.ours.path(), loaded.operators.path()});
  CHECK(loaded.banner("SSH-2.0-ACME-RX-3.1").value().row->id == "own");
  CHECK(loaded.banner("SSH-2.0-ACME-RY").value().row->id == "acme-ssh");
  loaded.fingerprints.try_examples(loaded.diagnostics);
  CHECK(told(loaded.diagnostics) == Lines{});
}

TEST_CASE("Mistakes in fingerprints are told with their place") {
  Loaded loaded;
  loaded.ours.write("http.yaml",
                    "protocol: ssh\n"
                    "fingerprints:\n"
                    "  - id: one\n"
                    "    field: server\n"
                    "    pattern: '(open'\n"
                    "    supplier: acmee\n"
                    "    model: '\\2'\n"
                    "    software: 'C:\\x'\n"
                    "    certainty: sure\n"
                    "    source: a test\n"
                    "  - id: one\n"
                    "    field: banner\n"
                    "    pattern: '((((x{100}){100}){100}){100})'\n"
                    "    supplier: acme\n"
                    "    source: a test\n");
  loaded.load({loaded.ours.path()});
  loaded.diagnostics.sort();
  CHECK(told(loaded.diagnostics) ==
        Lines{"http.yaml:1:11: protocol: \"ssh\" is not the name of the file, \"http\"",
              "http.yaml:4:12: fingerprints[0].field: \"server\" is unknown, allowed are banner "
              "and client_banner",
              "http.yaml:5:14: fingerprints[0].pattern: not a pattern: missing ): (open",
              "http.yaml:6:15: fingerprints[0].supplier: \"acmee\" is an unknown supplier, did "
              "you mean \"acme\"?",
              "http.yaml:7:12: fingerprints[0].model: \\2 refers to no group, the pattern has 0",
              "http.yaml:8:15: fingerprints[0].software: a backslash must be followed by a digit "
              "from 1 to 9",
              "http.yaml:9:16: fingerprints[0].certainty: \"sure\" is unknown, allowed are low, "
              "medium and high",
              "http.yaml:11:5: fingerprints[1].certainty: missing",
              "http.yaml:11:9: fingerprints[1].id: \"one\" is the id of another fingerprint",
              "http.yaml:13:14: fingerprints[1].pattern: not a pattern: invalid repetition size: "
              "{100}"});
  CHECK(loaded.fingerprints.size() == 0);
}

TEST_CASE("Examples hold a fingerprint to its word") {
  Loaded loaded;
  loaded.ours.write("ssh.yaml",
                    "protocol: ssh\n"
                    "fingerprints:\n"
                    "  - id: first\n"
                    "    field: banner\n"
                    "    pattern: ACME\n"
                    "    source: a test\n"
                    "    counterexamples: [SSH-2.0-ACME]\n"
                    "  - id: second\n"
                    "    field: banner\n"
                    "    pattern: '(RX|ZX)'\n"
                    "    model: '\\1'\n"
                    "    source: a test\n"
                    "    examples:\n"
                    "      - text: SSH-2.0-ACME-RX\n"
                    "      - text: SSH-2.0-QX\n"
                    "      - text: SSH-2.0-RX\n"
                    "        model: ZX\n");
  loaded.load({loaded.ours.path()});
  CHECK(told(loaded.diagnostics) == Lines{});
  loaded.fingerprints.try_examples(loaded.diagnostics);
  CHECK(told(loaded.diagnostics) ==
        Lines{"ssh.yaml:7:23: fingerprints[0].counterexamples[0]: must not match first, and does",
              "ssh.yaml:14:9: fingerprints[1].examples[0]: first comes before second and matches",
              "ssh.yaml:15:9: fingerprints[1].examples[1]: does not match second",
              "ssh.yaml:16:9: fingerprints[1].examples[2]: model is \"RX\", expected \"ZX\""});
}

TEST_CASE("A pattern takes no time on a text made to hurt it") {
  Pattern pattern("(a+)+(b+)+$");
  CHECK(pattern.error().empty());
  CHECK_FALSE(pattern.search(std::string(100'000, 'a')));
  CHECK_FALSE(Pattern(std::string(3000, 'a')).error().empty());
  CHECK_FALSE(Pattern("(x{1000}){1000}").error().empty());
}

TEST_CASE("References are put in the place of groups") {
  CHECK(highest_reference("a \\3 b \\1") == 3);
  CHECK(highest_reference("none") == 0);
  CHECK_FALSE(highest_reference("\\0"));
  CHECK_FALSE(highest_reference("end \\"));
  CHECK(expand("VRP \\1 \\2", Captures{"all", "5.170", ""}) == "VRP 5.170");
}

TEST_CASE("The fingerprints that ship keep their word") {
  Diagnostics diagnostics;
  std::vector<std::filesystem::path> suppliers{rules_directory() / "suppliers"};
  std::vector<std::filesystem::path> directories{rules_directory() / "fingerprints"};
  if (!std::filesystem::exists(directories[0])) {
    WARN("no fingerprints to try");
    return;
  }
  Suppliers known = Suppliers::load(suppliers, diagnostics);
  Fingerprints fingerprints = Fingerprints::load(directories, known, diagnostics);
  fingerprints.try_examples(diagnostics);
  CHECK(told(diagnostics) == Lines{});
  for (const Fingerprint& row : fingerprints.all()) {
    INFO(row.id);
    CHECK_FALSE(row.examples.empty());
  }
}
