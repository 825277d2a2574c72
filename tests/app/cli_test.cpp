// SPDX-License-Identifier: Apache-2.0
// The command line: exit codes, and what is said to whom.
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "app/commands.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

struct Ran {
  int code;
  std::string out;
  std::string error;
};

Ran run_with(Lines arguments) {
  arguments.insert(arguments.begin(), "tapwarden");
  std::vector<const char*> values;
  for (const std::string& argument : arguments) values.push_back(argument.c_str());
  std::ostringstream out, error;
  std::streambuf* old_out = std::cout.rdbuf(out.rdbuf());
  std::streambuf* old_error = std::cerr.rdbuf(error.rdbuf());
  int code = main_of(static_cast<int>(values.size()), values.data());
  std::cout.rdbuf(old_out);
  std::cerr.rdbuf(old_error);
  return {code, out.str(), error.str()};
}

const std::string rules = rules_directory().string();

}  // namespace

TEST_CASE("Command line: help and version are no failure", "[cli]") {
  for (const Lines& arguments : {Lines{}, Lines{"--help"}, Lines{"scan", "--help"}}) {
    Ran ran = run_with(arguments);
    CHECK(ran.code == kDone);
    CHECK(ran.out.contains("Usage"));
    CHECK(ran.error == "");
  }
}

TEST_CASE("Command line: what cannot be understood ends with 2 and prints no result", "[cli]") {
  for (const Lines& arguments :
       {Lines{"scna"}, Lines{"--bogus"}, Lines{"scan"}, Lines{"scan", "--format", "xml", "x.pcap"},
        Lines{"scan", "--grade", "sure", "x.pcap"},
        Lines{"scan", "--as-of", "2026-02-30", "x.pcap"},
        Lines{"scan", "--as-of", "2026-2-3", "x.pcap"}, Lines{"scan", "--as-of", "soon", "x.pcap"},
        Lines{"scan", "--fail-on", "anything", "x.pcap"}, Lines{"lookup"}}) {
    INFO(fmt::format("{}", arguments.empty() ? "" : arguments.back()));
    Ran ran = run_with(arguments);
    CHECK(ran.code == kUsage);
    CHECK(ran.out == "");
    CHECK(ran.error != "");
  }
}

TEST_CASE("Command line: the interval of snapshots has the bounds of the configuration", "[cli]") {
  for (const char* interval : {"0s", "999ms", "8d", "169h", "5", "5 m", "m"}) {
    INFO(interval);
    Ran ran = run_with({"run", "--snapshot-interval", interval});
    CHECK(ran.code == kUsage);
    CHECK(ran.error.contains(fmt::format("\"{}\" is not DURATION from 1s to 7d", interval)));
  }
  for (const char* interval : {"1s", "1000ms", "90m", "7d", "168h"}) {
    INFO(interval);
    Ran ran = run_with({"run", "--rules", rules, "--snapshot-interval", interval});
    CHECK(ran.code == kUsage);
    CHECK(ran.error ==
          "tapwarden: no tap: name an interface with -i, or taps in the configuration\n");
  }
}

TEST_CASE("Command line: an unknown policy is a mistake in the configuration", "[cli]") {
  Ran ran = run_with({"scan", "--rules", rules, "--policy", "us-ndaa-88", "x.pcap"});
  CHECK(ran.code == kConfiguration);
  CHECK(ran.out == "");
  CHECK(ran.error ==
        "--policy: there is no policy \"us-ndaa-88\", did you mean \"us-ndaa-889\"?\n");
}

TEST_CASE("Command line: check finds the policies that an output cannot choose", "[cli]") {
  Directory directory;
  auto file = directory.write("tapwarden.yaml",
                              "state: {directory: s}\n"
                              "policies: [us-ndaa-889, us-ndaa-889, us-ndaa-88]\n"
                              "outputs:\n"
                              "  - {type: journal, name: a, policies: [us-ndaa-889]}\n"
                              "  - type: http\n"
                              "    name: b\n"
                              "    url: http://192.0.2.1/\n"
                              "    token: t\n"
                              "    policies: [us-ndaa-889, us-ndaa-88, us-fcc-covered-list]\n");
  Ran ran = run_with({"check", "--rules", rules, "-c", file.string()});
  CHECK(ran.code == kConfiguration);
  CHECK(ran.error ==
        fmt::format(
            "note: {0}:8:12: outputs[1].token: goes over the network in clear: a URL of https:// "
            "would hide it\n"
            "{0}:2:25: policies[1]: stands in the list already\n"
            "{0}:2:38: policies[2]: there is no policy \"us-ndaa-88\", did you mean "
            "\"us-ndaa-889\"?\n"
            "{0}:9:29: outputs[1].policies[1]: there is no policy \"us-ndaa-88\", did you mean "
            "\"us-ndaa-889\"?\n"
            "{0}:9:41: outputs[1].policies[2]: \"us-fcc-covered-list\" is not enabled, allowed are "
            "those of the top-level policies: us-ndaa-889, us-ndaa-88\n"
            "4 errors\n",
            file.string()));
}

TEST_CASE("Command line: a file that is no capture fails, and the others are read", "[cli]") {
  Directory directory;
  std::string none = directory.path() / "none.pcap";
  std::string text = directory.write("text.pcap", "no capture");
  std::string good = SOURCE_DIRECTORY "/tests/captures/hostile-empty.pcap";
  Ran ran = run_with({"scan", "--rules", rules, "--format", "csv", none, text, good});
  CHECK(ran.code == kFailed);
  CHECK(ran.out.starts_with("id,tap,"));
  CHECK(ran.error == "tapwarden: " + none + ": No such file or directory\ntapwarden: " + text +
                         ": not a capture: neither pcap nor pcapng\n");
}

TEST_CASE("Command line: 3 only when something is flagged, and only when asked for", "[cli]") {
  std::string office = SOURCE_DIRECTORY "/tests/captures/office.pcapng";
  std::string quiet = SOURCE_DIRECTORY "/tests/captures/hostile-empty.pcap";
  auto code = [&](const std::string& file, Lines more) {
    more.insert(more.begin(), {"scan", "--rules", rules, "--as-of", "2026-09-15"});
    more.push_back(file);
    return run_with(more).code;
  };
  CHECK(code(office, {}) == kDone);
  CHECK(code(office, {"--fail-on", "flagged"}) == kFlagged);
  CHECK(code(quiet, {"--fail-on", "flagged"}) == kDone);
  CHECK(code(office, {"--fail-on", "flagged", "--policy", "us-commerce-kaspersky"}) == kDone);
}
