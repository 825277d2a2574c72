// SPDX-License-Identifier: Apache-2.0
// The rules that ship against the registry that ships: each firm's blocks are its own, and nobody
// is taken for somebody of a similar name.
#include <array>
#include <charconv>
#include <fstream>
#include <map>

#include "identify/registry.hpp"
#include "identify/suppliers.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

struct Shipped {
  Shipped() {
    std::vector<std::filesystem::path> directories{rules_directory() / "suppliers"};
    suppliers = Suppliers::load(directories, diagnostics);
    registry = Registry::load(rules_directory() / "registries" / "ieee.tsv", diagnostics);
  }
  Diagnostics diagnostics;
  Suppliers suppliers;
  Registry registry;
};

const Shipped& shipped() {
  static const Shipped shipped;
  return shipped;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells{""};
  for (char c : line) {
    if (c == '\t')
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

size_t number(const std::string& text) {
  size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// How many blocks of 24, 28 and 36 bits each registrant has.
std::map<std::string, std::array<size_t, 3>, std::less<>> count_blocks() {
  std::map<std::string, std::array<size_t, 3>, std::less<>> counts;
  for (const Assignment& assignment : shipped().registry.assignments()) {
    size_t width = assignment.bits == 24 ? 0 : assignment.bits == 28 ? 1 : 2;
    ++counts[std::string(assignment.registrant)][width];
  }
  return counts;
}

}  // namespace

TEST_CASE("Names that look like a supplier's are nobody's") {
  for (const char* trap : {"AZTECH",
                           "Aztech Electronics Pte Ltd",
                           "Naztec, Inc.",
                           "Kaztek Systems",
                           "Shenztech Ltd",
                           "CervozTe",
                           "Shanghai Dahua Scale Factory",
                           "Hikari Co.,Ltd.",
                           "Hikari Trading Co.,Ltd.",
                           "Shenzhen Hikeen Technology CO.,LTD",
                           "ZHEJIANG HIKAILINK TECHNOLOGY Co., Ltd",
                           "Avedis Zildjian Company",
                           "Teltronics, Inc.",
                           "Teltronic AG",
                           "Sichuan Tianyi Comheart Telecom Co.,LTD",
                           "ZTEC Instruments, Inc.",
                           "Beijing Autelan Technology Inc.",
                           "Unicom Global, Inc.",
                           "JOREX LOREX INDIA PRIVATE LIMITED",
                           "huawei",
                           "zte",
                           "dji",
                           "hik",
                           "Private",
                           "IEEE Registration Authority",
                           ""}) {
    INFO(trap);
    CHECK_FALSE(shipped().suppliers.of_registrant(trap));
  }
}

TEST_CASE("No registrant with a supplier's name inside a longer word is taken for it") {
  size_t seen = 0;
  for (const Assignment& assignment : shipped().registry.assignments()) {
    std::string folded = " " + fold_name(assignment.registrant) + " ";
    for (const char* inside : {"zte", "dji", "hik", "dahua", "hytera", "teltronic"}) {
      size_t at = folded.find(inside);
      if (at == std::string::npos || folded[at - 1] == ' ') continue;
      ++seen;
      std::optional<Holder> holder = shipped().suppliers.of_registrant(assignment.registrant);
      if (holder) FAIL(assignment.registrant << " is taken for " << holder->supplier->id);
    }
  }
  CHECK(seen > 10);
}

TEST_CASE("Every block of every known firm is its supplier's, and no false one is") {
  CHECK(told(shipped().diagnostics) == Lines{});
  std::ifstream facts(SOURCE_DIRECTORY "/../shared/facts/oui_vendors.tsv");
  if (!facts) {
    WARN("the table of known firms is not here");
    return;
  }
  auto counts = count_blocks();
  size_t rows = 0;
  std::string line;
  std::getline(facts, line);
  while (std::getline(facts, line)) {
    std::vector<std::string> cells = cells_of(line);
    REQUIRE(cells.size() >= 10);
    const std::string& registrant = cells[1];
    INFO(cells[0] << ": " << registrant);
    std::optional<Holder> holder = shipped().suppliers.of_registrant(registrant);
    if (cells[2] == "false-positive") {
      CHECK_FALSE(holder);
      continue;
    }
    std::array<size_t, 3> wanted = {number(cells[7]), number(cells[8]), number(cells[9])};
    if (wanted == std::array<size_t, 3>{} || registrant == "Private") continue;
    CHECK(holder);
    CHECK(counts[registrant][0] == wanted[0]);
    CHECK(counts[registrant][1] == wanted[1]);
    CHECK(counts[registrant][2] >= wanted[2]);  // the older IAB are as long as MA-S
    ++rows;
  }
  CHECK(rows > 250);
}
