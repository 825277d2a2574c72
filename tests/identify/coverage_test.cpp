// SPDX-License-Identifier: Apache-2.0
// Holds our fingerprints to the public ones that were gathered: coverage.tsv has a row for each
// that is of high or medium certainty, with what proves that we know it, or why we do not. The
// proof is
// - text: rules, an example of which the gathered pattern matches;
// - taken: rules, "number:SUPPLIER:NUMBER", "registry:PROTOCOL:FIELD" or "row:PROTOCOL", where a
//   dissector has taken apart what the gathered pattern is over;
// - pending: the protocol it waits for; unread: visible on a tap, and not read; declined: visible,
// and
//   no evidence of a device.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "identify/fingerprints.hpp"
#include "identify/pattern.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Cells = std::vector<std::string>;

Cells split(const std::string& text, char at) {
  Cells cells;
  std::istringstream stream(text);
  for (std::string cell; std::getline(stream, cell, at);) cells.push_back(cell);
  return cells;
}

/// The rows below the heading.
std::vector<Cells> table(std::istream& stream) {
  std::vector<Cells> rows;
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) rows.push_back(split(line, '\t'));
  return rows;
}

/// The text of an example as the gathered pattern would see it.
std::string as_gathered(const Fingerprint& row, std::string text) {
  if (row.field == Field::realm) return "realm=\"" + text + '"';
  if (row.protocol == Protocol::mdns) return text + ".local";
  bool is_name = row.field == Field::certificate_subject || row.field == Field::certificate_issuer;
  for (size_t at = text.find(", "); is_name && at != text.npos; at = text.find(", ", at))
    text.erase(at + 1, 1);
  return text;
}

class Coverage {
 public:
  Coverage(const Fingerprints& fingerprints, const Suppliers& suppliers) : suppliers_(suppliers) {
    for (const Fingerprint& row : fingerprints.all()) rules_.emplace(row.id, &row);
  }

  /// What is wrong with each row's proof by itself.
  Lines faults(const std::vector<Cells>& rows) const {
    Lines lines;
    for (const Cells& row : rows) {
      std::string fault = row.size() == 5 ? fault_of(row) : "does not have five cells";
      if (!fault.empty())
        lines.push_back(row.at(0) + " " + row.at(std::min<size_t>(2, row.size() - 1)) + ": " +
                        fault);
    }
    return lines;
  }

 private:
  std::string fault_of(const Cells& row) const {
    const std::string& proof = row[3];
    if (proof == "pending" || proof == "unread" || proof == "declined")
      return row[4].empty() ? "says nothing" : "";
    if (proof != "text" && proof != "taken") return "no kind of proof: " + proof;
    std::vector<const Fingerprint*> rules;
    for (const std::string& word : split(row[4], ' ')) {
      std::string fault = fault_of(word, rules);
      if (!fault.empty()) return fault;
    }
    if (row[4].empty()) return "names nothing";
    return proof == "text" ? fault_of_pattern(row[2], rules) : "";
  }

  std::string fault_of(const std::string& word, std::vector<const Fingerprint*>& rules) const {
    Cells parts = split(word, ':');
    if (parts.size() > 1) return is_so(parts) ? "" : word + " is not so";
    auto found = rules_.find(word);
    if (found == rules_.end()) return "there is no rule " + word;
    if (found->second->examples.empty() || found->second->counterexamples.empty())
      return word + " has no examples both ways";
    rules.push_back(found->second);
    return {};
  }

  bool is_so(const Cells& parts) const {
    if (parts[0] == "row") return parts.size() == 2 && parse_protocol(parts[1]).has_value();
    if (parts.size() != 3) return false;
    if (parts[0] == "registry") {
      std::optional<Protocol> protocol = parse_protocol(parts[1]);
      std::optional<Field> field = parse_field(parts[2]);
      return protocol && field && emits(*protocol, *field) &&
             (row(*field).kind == FieldKind::mac || row(*field).kind == FieldKind::oui);
    }
    uint32_t number = 0;
    std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), number);
    std::optional<Holder> holder = suppliers_.of_enterprise(number);
    return parts[0] == "number" && holder && holder->supplier->id == parts[1];
  }

  static std::string fault_of_pattern(const std::string& text,
                                      const std::vector<const Fingerprint*>& rules) {
    Pattern pattern(text);
    if (!pattern.error().empty()) return pattern.error();
    for (const Fingerprint* rule : rules) {
      bool is_met = std::ranges::any_of(rule->examples, [&](const auto& example) {
        return pattern.search(as_gathered(*rule, example.text)).has_value();
      });
      if (!is_met) return "matches no example of " + rule->id;
    }
    return {};
  }

  const Suppliers& suppliers_;
  std::map<std::string, const Fingerprint*> rules_;
};

/// Facts without a row, and rows without a fact. `facts` has the certainty in its sixth cell.
Lines differences(const std::vector<Cells>& facts, const std::vector<Cells>& rows) {
  auto key = [](const Cells& row) { return row.at(0) + " | " + row.at(1) + " | " + row.at(2); };
  std::multiset<std::string> left;
  for (const Cells& row : rows) left.insert(key(row));
  Lines lines;
  for (const Cells& fact : facts) {
    if (fact.at(5) == "low") continue;
    auto found = left.find(key(fact));
    if (found == left.end())
      lines.push_back("no row for " + key(fact));
    else
      left.erase(found);
  }
  for (const std::string& stale : left) lines.push_back("no fact for " + stale);
  return lines;
}

struct Shipped {
  Shipped() {
    std::vector<std::filesystem::path> folders{rules_directory() / "suppliers"};
    std::vector<std::filesystem::path> directories{rules_directory() / "fingerprints"};
    suppliers = Suppliers::load(folders, diagnostics);
    fingerprints = Fingerprints::load(directories, suppliers, diagnostics);
    std::ifstream stream(std::filesystem::path(SOURCE_DIRECTORY) / "tests/identify/coverage.tsv");
    rows = table(stream);
  }
  Diagnostics diagnostics;
  Suppliers suppliers;
  Fingerprints fingerprints;
  std::vector<Cells> rows;
};

}  // namespace

TEST_CASE("What is gathered is covered as coverage.tsv says", "[coverage]") {
  Shipped shipped;
  CHECK(told(shipped.diagnostics) == Lines{});
  REQUIRE(shipped.rows.size() > 400);
  CHECK(Coverage(shipped.fingerprints, shipped.suppliers).faults(shipped.rows) == Lines{});
}

TEST_CASE("Every gathered fingerprint of high or medium certainty is in coverage.tsv",
          "[coverage]") {
  Shipped shipped;
  std::ifstream stream(std::filesystem::path(SOURCE_DIRECTORY) /
                       "../shared/facts/fingerprints.tsv");
  if (!stream) {
    WARN("skipped: ../shared/facts/fingerprints.tsv is not here");
    return;
  }
  std::vector<Cells> facts = table(stream);
  REQUIRE(facts.size() > 500);
  CHECK(differences(facts, shipped.rows) == Lines{});
}

TEST_CASE("A gap in the coverage does not go unseen", "[coverage]") {
  Directory directory;
  directory.write("suppliers/acme.yaml",
                  "id: acme\nname: Acme\ncountry: CN\nenterprise_numbers: [77]\n");
  directory.write("fingerprints/http.yaml",
                  "protocol: http\nfingerprints:\n"
                  "  - {id: good, field: realm, pattern: Acme, source: a test,"
                  " examples: [{text: Acme 1}], counterexamples: [x]}\n"
                  "  - {id: one-way, field: realm, pattern: A, source: a test,"
                  " examples: [{text: A}]}\n");
  Diagnostics diagnostics;
  std::vector<std::filesystem::path> folders{directory.path() / "suppliers"};
  std::vector<std::filesystem::path> directories{directory.path() / "fingerprints"};
  Suppliers suppliers = Suppliers::load(folders, diagnostics);
  Fingerprints fingerprints = Fingerprints::load(directories, suppliers, diagnostics);
  Coverage coverage(fingerprints, suppliers);
  CHECK(coverage.faults(
            {{"P", "f", "realm=\"Acme [0-9]", "text", "good"},
             {"P", "f", "-", "taken", "good number:acme:77 registry:lldp:chassis_mac row:ssh"},
             {"P", "f", "-", "unread", "why"}}) == Lines{});
  CHECK(coverage.faults({{"P", "f", "^Acme", "text", "good"},
                         {"P", "f", "b", "text", "better"},
                         {"P", "f", "c", "taken", "one-way"},
                         {"P", "f", "d", "taken", "number:acme:78"},
                         {"P", "f", "e", "taken", "registry:lldp:system_name"},
                         {"P", "f", "g", "taken", "row:gopher"},
                         {"P", "f", "h", "taken", ""},
                         {"P", "f", "i", "guessed", "good"},
                         {"P", "f", "j", "unread", ""},
                         {"P", "f", "k"}}) ==
        Lines{"P ^Acme: matches no example of good", "P b: there is no rule better",
              "P c: one-way has no examples both ways", "P d: number:acme:78 is not so",
              "P e: registry:lldp:system_name is not so", "P g: row:gopher is not so",
              "P h: names nothing", "P i: no kind of proof: guessed", "P j: says nothing",
              "P k: does not have five cells"});
  std::vector<Cells> facts{{"P", "f", "a", "V", "p", "high", "s"},
                           {"P", "f", "b", "V", "p", "medium", "s"},
                           {"P", "f", "c", "V", "p", "low", "s"}};
  CHECK(differences(facts, {{"P", "f", "a"}, {"P", "f", "b"}}) == Lines{});
  CHECK(differences(facts, {{"P", "f", "b"}, {"P", "f", "c"}}) ==
        Lines{"no row for P | f | a", "no fact for P | f | c"});
}
