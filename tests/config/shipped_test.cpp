// SPDX-License-Identifier: Apache-2.0
// The files in config/ are what the options print.
#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "config/commented.hpp"
#include "config/load.hpp"
#include "config/schema.hpp"
#include "support/catch.hpp"
#include "support/temporary.hpp"

using namespace tapwarden;
using namespace tapwarden::config;
using namespace tapwarden::test;

namespace {

const std::filesystem::path directory = std::filesystem::path(SOURCE_DIRECTORY) / "config";

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Settings load_text(const std::string& text) {
  TemporaryFile file("tapwarden.yaml", text);
  Diagnostics diagnostics;
  Settings settings = load(file.path(), diagnostics);
  for (const Diagnostic& each : diagnostics.all()) UNSCOPED_INFO(each.text());
  CHECK(diagnostics.empty());
  return settings;
}

}  // namespace

TEST_CASE("config/tapwarden.yaml is the defaults", "[config]") {
  Diagnostics diagnostics;
  CHECK(load(directory / "tapwarden.yaml", diagnostics) == Settings{});
  CHECK(diagnostics.empty());
}

// To make them anew: `tapwarden check --print-config` and `tapwarden check --print-schema`.
TEST_CASE("config/ holds what the options print", "[config]") {
  CHECK(text_of(directory / "tapwarden.yaml") == commented_yaml());
  CHECK(text_of(directory / "tapwarden.schema.json") == json_schema());
}

TEST_CASE("the tap in comments is a good one", "[config]") {
  std::string text = commented_yaml();
  size_t start = text.find("# taps:");
  REQUIRE(start != std::string::npos);
  size_t end = text.find("\n\n", start);
  std::string taps;
  std::istringstream lines(text.substr(start, end - start));
  for (std::string line; std::getline(lines, line);) {
    REQUIRE(line.starts_with("# "));
    taps += line.substr(2) + "\n";
  }
  TapSettings tap;
  tap.interface = tap.name = "eth0";
  CHECK(load_text(taps).taps == std::vector<TapSettings>{tap});
}

TEST_CASE("the configuration's lines are short and the schema is JSON", "[config]") {
  std::istringstream lines(commented_yaml());
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 100);
  boost::json::object schema = boost::json::parse(json_schema()).as_object();
  const auto& properties = schema.at("properties").as_object();
  CHECK(properties.size() == 15);
  CHECK(properties.at("snapshot").at_pointer("/properties/interval/default") == "1h");
  CHECK(properties.at("limits").at_pointer("/properties/queue/maximum") == 1048576);
  CHECK(properties.at("taps").at_pointer("/items/required") == boost::json::array{"interface"});
}
