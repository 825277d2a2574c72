// SPDX-License-Identifier: Apache-2.0
// Authorisations in files: what they say, and whom they mean.
#include "policy/authorisations.hpp"

#include "support/catch.hpp"
#include "support/judged.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

struct File {
  explicit File(std::string_view text, const Lines& active = {}, const Lines& sites = {}) {
    std::vector<std::filesystem::path> files{directory.write("may.yaml", text)};
    all = Authorisations::load(
        files, {network.policies, active, made_up_knowledge().suppliers, sites}, diagnostics);
  }
  Lines errors() const { return told(diagnostics); }

  JudgedNetwork network;
  Directory directory;
  Diagnostics diagnostics;
  Authorisations all;
};

Device camera() {
  Device device;
  device.key.mac = parse_mac("00:e0:fc:00:00:01").value();
  device.aliases.push_back({{}, parse_mac("00:e0:fc:00:00:02").value(), {}});
  Claim serial;
  serial.aspect = Aspect::serial;
  serial.value = "SN 1";
  device.evidence.push_back({serial, {}, true});
  return device;
}

/// The reason that is found for the camera on that tap and day, of policy and supplier.
std::string found(const File& file, Date day = 2026y / 6 / 1, std::string_view site = "east",
                  const Device& device = camera(), const std::string& policy = "ban") {
  const Policy* of = file.network.policies.find(policy);
  const Authorisation* one = file.all.find(device, site, {of, &of->entries[0]}, day);
  return one == nullptr ? "none" : one->reason;
}

}  // namespace

TEST_CASE("Authorisations: by MAC, serial number, site and supplier", "[authorisations]") {
  auto one = [](std::string_view what) {
    return File("authorisations: [{" + std::string(what) + ", by: ada, reason: yes it may}]\n");
  };
  for (const char* what :
       {"mac: '00:E0:FC:00:00:01'", "mac: '00:e0:fc:00:00:02'", "serial: SN 1", "site: east",
        "supplier: acme", "supplier: acme, site: east, serial: SN 1, mac: '00:e0:fc:00:00:01'",
        "site: east, policies: [list, ban]"}) {
    INFO(what);
    File file = one(what);
    CHECK(file.errors() == Lines{});
    CHECK(found(file) == "yes it may");
  }
  for (const char* what :
       {"mac: '00:e0:fc:00:00:03'", "serial: SN", "serial: sn 1", "site: west", "supplier: bolt",
        "supplier: acme, site: west", "serial: SN 1, mac: '00:e0:fc:00:00:03'",
        "site: east, policies: [list]"}) {
    INFO(what);
    File file = one(what);
    CHECK(file.errors() == Lines{});
    CHECK(found(file) == "none");
  }
}

TEST_CASE("Authorisations: what would never hold is a mistake", "[authorisations]") {
  auto errors = [](std::string_view what, const Lines& active = {}, const Lines& sites = {}) {
    return File("authorisations:\n  - {" + std::string(what) + ", by: ada, reason: lab}\n", active,
                sites)
        .errors();
  };
  CHECK(errors("site: eest", {}, {"east", "west"}) ==
        Lines{"may.yaml:2:12: authorisations[0].site: there is no tap \"eest\", did you mean "
              "\"east\"?"});
  CHECK(errors("site: museum", {}, {"east", "west"}) ==
        Lines{"may.yaml:2:12: authorisations[0].site: there is no tap \"museum\""});
  CHECK(errors("site: museum") == Lines{});  // the command line names the taps
  CHECK(errors("site: west", {}, {"east", "west"}) == Lines{});
  CHECK(errors("mac: '00:e0:fc:00:00:01', policies: [bann, list]") ==
        Lines{"may.yaml:2:43: authorisations[0].policies[0]: there is no policy \"bann\", did you "
              "mean \"ban\"?"});
  CHECK(errors("mac: '00:e0:fc:00:00:01', policies: [ban, list]", {"ban"}) ==
        Lines{"may.yaml:2:48: authorisations[0].policies[1]: \"list\" is not among policies of the "
              "configuration"});
  CHECK(errors("site: east, until: 9999-12-31") ==
        Lines{"may.yaml:2:25: authorisations[0].until: 9999-12-31 is out of range, allowed are "
              "1970-01-01 to 2261-12-31; leave it out for good"});
}

TEST_CASE("Authorisations: one mistake is told once", "[authorisations]") {
  auto errors = [](std::string_view entry) {
    return File("authorisations:\n  - " + std::string(entry) + "\n").errors();
  };
  CHECK(errors("{serial: '', by: ada, reason: lab}") ==
        Lines{"may.yaml:2:14: authorisations[0].serial: empty, a text is wanted"});
  CHECK(errors("{suplier: acme, by: ada, reason: lab}") ==
        Lines{"may.yaml:2:6: authorisations[0].suplier: unknown key, did you mean \"supplier\"?"});
  CHECK(errors("acme") == Lines{"may.yaml:2:5: authorisations[0]: a single value where a mapping "
                                "is wanted"});
  CHECK(errors("{by: ada}") ==
        Lines{"may.yaml:2:5: authorisations[0]: names no device: mac, serial, site or supplier is "
              "needed",
              "may.yaml:2:5: authorisations[0].reason: missing"});
}

TEST_CASE("Authorisations: a file that is cut to nothing takes nothing back", "[authorisations]") {
  for (const char* text : {"", "# nothing is left\n", "---\n", "~\n"}) {
    INFO(text);
    CHECK(File(text).errors() == Lines{"may.yaml: authorisations: missing; [] is allowed where "
                                       "nothing is authorised"});
  }
  CHECK(File("authorisations: []\n").errors() == Lines{});
  CHECK(File("authorisations:\n").errors() ==
        Lines{"may.yaml:1:1: authorisations: empty, a list is wanted"});
}

TEST_CASE("Authorisations: how many are over", "[authorisations]") {
  File file(
      "authorisations:\n"
      "  - {site: east, until: 2026-01-31, by: ada, reason: first}\n"
      "  - {site: east, until: 2026-02-28, by: bob, reason: second}\n"
      "  - {site: east, by: bob, reason: for good}\n");
  CHECK(file.all.over(2026y / 1 / 31) == 0);
  CHECK(file.all.over(2026y / 2 / 1) == 1);
  CHECK(file.all.over(2199y / 1 / 1) == 2);
}

TEST_CASE("Authorisations: until the end of a day, and the first that holds", "[authorisations]") {
  File file(
      "authorisations:\n"
      "  - {site: east, until: 2026-01-31, by: ada, reason: first}\n"
      "  - {site: east, until: 2026-02-28, by: bob, reason: second}\n");
  REQUIRE(file.errors() == Lines{});
  CHECK(found(file, 2026y / 1 / 31) == "first");
  CHECK(found(file, 2026y / 2 / 1) == "second");
  CHECK(found(file, 2026y / 2 / 28) == "second");
  CHECK(found(file, 2026y / 3 / 1) == "none");
}
