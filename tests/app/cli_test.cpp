// SPDX-License-Identifier: Apache-2.0
// The command line: exit codes, and what is said to whom.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
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

/// Its standard output goes to `target`; to `out` without one.
Ran run_with(Lines arguments, std::streambuf* target = nullptr) {
  arguments.insert(arguments.begin(), "tapwarden");
  std::vector<const char*> values;
  for (const std::string& argument : arguments) values.push_back(argument.c_str());
  std::ostringstream out, error;
  std::streambuf* old_out = std::cout.rdbuf(target == nullptr ? out.rdbuf() : target);
  std::streambuf* old_error = std::cerr.rdbuf(error.rdbuf());
  int code = main_of(static_cast<int>(values.size()), values.data());
  std::cout.rdbuf(old_out);
  std::cerr.rdbuf(old_error);
  return {code, out.str(), error.str()};
}

/// As /dev/full: takes what is written, and then cannot keep it; or takes nothing.
struct Full : std::streambuf {
  explicit Full(bool takes) : is_taking(takes) {}
  int_type overflow(int_type octet) override { return is_taking ? octet & 0xff : refuse(); }
  int sync() override { return refuse(); }
  static int refuse() {
    errno = ENOSPC;
    return -1;
  }
  bool is_taking;
};

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

TEST_CASE("Command line: output that cannot be written is a failure", "[cli]") {
  std::string office = SOURCE_DIRECTORY "/tests/captures/office.pcapng";
  for (const Lines& arguments :
       {Lines{"--help"}, Lines{"--version"}, Lines{"protocols"}, Lines{"check", "--rules", rules},
        Lines{"check", "--print-config"}, Lines{"lookup", "--rules", rules, "2011"},
        Lines{"scan", "--rules", rules, office},
        Lines{"scan", "--rules", rules, "--format", "json", office},
        Lines{"scan", "--rules", rules, "--fail-on", "flagged", office},
        Lines{"explain", "--rules", rules, "192.168.10.24", office}}) {
    for (bool is_taking : {false, true}) {
      INFO(fmt::format("{} {}", fmt::join(arguments, " "), is_taking));
      Full full(is_taking);
      Ran ran = run_with(arguments, &full);
      CHECK(ran.code == kFailed);
      CHECK(ran.error == "tapwarden: standard output: No space left on device\n");
    }
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

TEST_CASE("Command line: a day is one that a point in time can be in", "[cli]") {
  for (const Lines& arguments :
       {Lines{"scan", "x.pcap", "--as-of"}, Lines{"update", "--as-of"},
        Lines{"alerts", "list", "--since"},
        Lines{"alerts", "authorise", "1f2e", "--reason", "lab", "--until"}}) {
    INFO(fmt::format("{}", fmt::join(arguments, " ")));
    Lines words = arguments;
    words.push_back("9999-12-31");
    Ran ran = run_with(words);
    CHECK(ran.code == kUsage);
    CHECK(ran.error.starts_with(arguments.back() +
                                ": 9999-12-31 is out of range, allowed are 1970-01-01 to "
                                "2261-12-31\n"));
  }
}

TEST_CASE("Command line: alerts says which commands it has", "[cli]") {
  for (const Lines& arguments : {Lines{"alerts"}, Lines{"alerts", "acknowledge"}}) {
    Ran ran = run_with(arguments);
    CHECK(ran.code == kUsage);
    CHECK(ran.error ==
          "alerts: one of its commands is needed: list show ack authorise suppress reopen\n");
  }
  Ran ran = run_with({"alerts", "authorize", "1f2e", "--reason", "lab"});
  CHECK(ran.code == kUsage);
  CHECK(ran.error.contains("--until is required"));
  CHECK(run_with({"alerts", "authorize", "1f2e", "--reason", "lab", "--until", "2027-01-31",
                  "--socket", "none/control.sock"})
            .code == kFailed);
}

TEST_CASE("Command line: a control socket that cannot be made is told by check", "[cli]") {
  Directory directory;
  auto check = [&](const std::string& text) {
    std::string file = directory.write("t.yaml", text);
    Ran ran = run_with({"check", "--rules", rules, "-c", file});
    CHECK(ran.code == (text.contains("wheat") || text.contains("long") ? kConfiguration : kDone));
    return ran.error.starts_with(file) ? ran.error.substr(file.size()) : ran.error;
  };
  std::string much = "/run/long/" + std::string(86, 'x');  // with /control.sock: 109 octets
  CHECK(check("control: {socket: /run/c.sock, group: root}\n") == "");
  CHECK(check("control: {socket: /run/c.sock, group: wheat-of-nobody}\n") ==
        ":1:39: control.group: there is no group \"wheat-of-nobody\"\n1 error\n");
  CHECK(check("control:\n  socket: " + much + "/control.sock\n") ==
        ":2:11: control.socket: too long: a socket's path has 107 octets at most\n1 error\n");
  CHECK(check("state: {directory: " + much + "}\n") ==
        ":1:20: state.directory: too long for control.sock in it: a socket's path has 107 octets "
        "at most; set control.socket\n1 error\n");
}

TEST_CASE("Command line: check counts authorisations, and those that are over", "[cli]") {
  Directory directory;
  std::string may = directory.write("may.yaml",
                                    "authorisations:\n"
                                    "  - {site: east, until: 2020-01-31, by: ada, reason: old}\n"
                                    "  - {site: east, by: ada, reason: lab}\n");
  auto check = [&](const std::string& site) {
    std::string file = directory.write(
        "t.yaml",
        fmt::format("taps: [{{interface: lo, name: {}}}]\nalerts: {{authorisations: [{}]}}\n", site,
                    may));
    return run_with({"check", "--rules", rules, "-c", file});
  };
  CHECK(check("east").out.contains("ok  2 authorisations, 1 of them over\n"));
  Ran ran = check("eats");
  CHECK(ran.code == kConfiguration);
  CHECK(ran.error.starts_with(may + ":2:12: authorisations[0].site: there is no tap \"east\", did "
                                    "you mean \"eats\"?\n"));
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
