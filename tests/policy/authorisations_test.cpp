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
  explicit File(std::string_view text) {
    std::vector<std::filesystem::path> files{directory.write("may.yaml", text)};
    all = Authorisations::load(files, network.policies, made_up_knowledge().suppliers, diagnostics);
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
