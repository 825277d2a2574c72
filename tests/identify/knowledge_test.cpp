// SPDX-License-Identifier: Apache-2.0
#include "identify/knowledge.hpp"

#include <fmt/format.h>

#include <chrono>

#include "identify/lookup.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = std::chrono::sys_days(2023y / 6 / 1) + 12h;

struct Known {
  Known() {
    rules.write("registries/ieee.tsv",
                "# ieee-registry as-of 2026-08-26\n"
                "00E0FC\tAcme Ltd\tCN\n00E0FD\tRoadrunner Ltd\t\n00E0FE\tPartner Ltd\tUS\n"
                "00E0FF\tChips Ltd\tCN\n00E100\tSomebody Ltd\tUS\n00E101\tPrivate\t\n"
                "0080C2\tIEEE 802.1 Working Group\tUS\n");
    rules.write("registries/enterprise-numbers.tsv",
                "# enterprise-numbers as-of 2024-08-23\n"
                "77\tACME\n5\tOther\n8072\tnet-snmp\n25506\tH3C\n50001\tScildon\n");
    rules.write("suppliers/acme.yaml",
                "id: acme\nname: Acme\ncountry: CN\nregistrants: [Acme Ltd]\n"
                "enterprise_numbers: [77]\nsquatted_enterprise_numbers: [50001]\n"
                "members:\n"
                "  - {name: Roadrunner, relation: subsidiary, until: 2024-01-01,"
                " registrants: [Roadrunner Ltd]}\n"
                "  - {name: Partner, relation: partner, registrants: [Partner Ltd]}\n"
                "  - {name: Chips, relation: component, registrants: [Chips Ltd]}\n");
    rules.write("fingerprints/ssh.yaml",
                "protocol: ssh\n"
                "fingerprints:\n"
                "  - {id: acme-ssh, field: banner, pattern: 'ACME-([0-9.]+)', supplier: acme,"
                " brand: Coyote, software: 'AOS \\1', certainty: high, source: a test}\n"
                "  - {id: acme-client, field: client_banner, pattern: '^AcmeTool ([0-9.]+)',"
                " supplier: acme, aspect: client, software: '\\1', certainty: low,"
                " source: a test}\n"
                "  - {id: trap, field: banner, pattern: 'OEM-([A-Z]+)', model: '\\1',"
                " source: a test}\n");
    knowledge = Knowledge::load(rules.path(), {}, diagnostics);
  }

  /// "platform Acme Ltd (acme) 0.80 ieee-registry" for each claim.
  Lines identify(Protocol protocol, Field field, std::string_view text,
                 Timestamp time = std::chrono::sys_days(2023y / 6 / 1)) const {
    Observation observation = observe(protocol, field, text, time);
    std::vector<Claim> claims;
    knowledge.identify(observation, claims);
    return lines(claims);
  }
  Lines of_mac(std::string_view mac, std::chrono::year_month_day as_of) {
    knowledge.as_of = as_of;
    std::vector<Claim> claims;
    knowledge.claims_of_mac(parse_mac(mac).value(),
                            observe(Protocol::arp, Field::binding, "192.0.2.1", noon), claims);
    return lines(claims);
  }
  static Observation observe(Protocol protocol, Field field, std::string_view text,
                             Timestamp time) {
    Observation observation;
    observation.protocol = protocol;
    observation.field = field;
    observation.time = time;
    observation.frame = 17;
    observation.text.assign_clean(text);
    return observation;
  }
  static Lines lines(const std::vector<Claim>& claims) {
    Lines lines;
    for (const Claim& claim : claims) {
      CHECK(claim.frame == 17);
      lines.push_back(fmt::format("{} {} ({}) {:.2f} {}", to_string(claim.aspect), claim.value,
                                  claim.supplier, claim.certainty, claim.rule));
    }
    return lines;
  }

  Directory rules;
  Diagnostics diagnostics;
  Knowledge knowledge;
};

constexpr std::chrono::year_month_day before = 2023y / 12 / 31;
constexpr std::chrono::year_month_day after = 2024y / 1 / 1;

}  // namespace

TEST_CASE("A device's MAC claims what its registrant is to a supplier") {
  Known known;
  REQUIRE(told(known.diagnostics) == Lines{});
  CHECK(known.of_mac("00:e0:fc:00:00:01", after) ==
        Lines{"platform Acme Ltd (acme) 0.80 ieee-registry"});
  CHECK(known.of_mac("00:e0:fd:00:00:01", before) ==
        Lines{"platform Roadrunner Ltd (acme) 0.80 ieee-registry",
              "brand Roadrunner () 0.80 ieee-registry"});
  CHECK(known.of_mac("00:e0:fd:00:00:01", after) ==
        Lines{"brand Roadrunner () 0.80 ieee-registry",
              "former Roadrunner was part of Acme until 2024-01-01 () 0.80 ieee-registry"});
  CHECK(known.of_mac("00:e0:fe:00:00:01", after) == Lines{"brand Partner () 0.80 ieee-registry"});
  CHECK(known.of_mac("00:e0:ff:00:00:01", after) ==
        Lines{"component Chips Ltd (acme) 0.80 ieee-registry"});
  CHECK(known.of_mac("00:e1:00:00:00:01", after) ==
        Lines{"platform Somebody Ltd () 0.80 ieee-registry"});
}

TEST_CASE("Hidden, unknown, local and group addresses claim nothing") {
  Known known;
  for (const char* mac : {"00:e1:01:00:00:01", "00:e1:02:00:00:01", "02:e0:fc:00:00:01",
                          "01:e0:fc:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"})
    CHECK(known.of_mac(mac, after) == Lines{});
}

TEST_CASE("A claim bears where it comes from") {
  Known known;
  std::vector<Claim> claims;
  known.knowledge.claims_of_mac(parse_mac("00:e0:fc:00:00:01").value(),
                                Known::observe(Protocol::arp, Field::binding, "192.0.2.1", noon),
                                claims);
  REQUIRE(claims.size() == 1);
  CHECK(claims[0].protocol == Protocol::arp);
  CHECK(claims[0].field == Field::binding);
  CHECK(claims[0].text == "00:e0:fc:00:00:01");
  CHECK(claims[0].time == noon);
}

TEST_CASE("Fields claim by their kind") {
  Known known;
  auto lldp = [&](Field field, std::string_view text) {
    return known.identify(Protocol::lldp, field, text);
  };
  CHECK(lldp(Field::chassis_mac, "00:e0:fc:00:00:01") ==
        Lines{"platform Acme Ltd (acme) 0.80 ieee-registry"});
  CHECK(lldp(Field::organization_oui, "00e0fc") ==
        Lines{"platform Acme Ltd (acme) 0.20 ieee-registry"});
  CHECK(lldp(Field::organization_oui, "0080c2") == Lines{});
  CHECK(lldp(Field::model, "RX 5") == Lines{"model RX 5 () 0.70 said-by-device"});
  CHECK(lldp(Field::manufacturer, "Acme") == Lines{"brand Acme () 0.70 said-by-device"});
  CHECK(lldp(Field::firmware_revision, "7") == Lines{"software 7 () 0.70 said-by-device"});
  CHECK(lldp(Field::serial, "AB12") == Lines{"serial AB12 () 0.70 said-by-device"});
  CHECK(lldp(Field::system_name, "acme") == Lines{});
  CHECK(lldp(Field::model, "") == Lines{});
}

TEST_CASE("An enterprise number claims its organisation, a squatted one its user") {
  Known known;
  auto object_id = [&](std::string_view oid) {
    return known.identify(Protocol::snmp, Field::system_object_id, oid);
  };
  CHECK(object_id("1.3.6.1.4.1.77.1") == Lines{"platform ACME (acme) 0.90 enterprise-number"});
  CHECK(object_id("1.3.6.1.4.1.50001.1") == Lines{"platform Acme (acme) 0.50 enterprise-number"});
  CHECK(object_id("1.3.6.1.4.1.5") == Lines{"platform Other () 0.90 enterprise-number"});
  CHECK(object_id("1.3.6.1.4.1.8072.3.2.10") == Lines{});
  CHECK(object_id("1.3.6.1.4.1.25506.11.1.180") == Lines{});
  CHECK(object_id("1.3.6.1.4.1.6") == Lines{});
  CHECK(object_id("nonsense") == Lines{});
  CHECK(known.identify(Protocol::snmp, Field::engine_enterprise, "77") ==
        Lines{"platform ACME (acme) 0.90 enterprise-number"});
}

TEST_CASE("A fingerprint claims what its row says") {
  Known known;
  CHECK(known.identify(Protocol::ssh, Field::banner, "SSH-2.0-ACME-3.1") ==
        Lines{"platform Acme (acme) 0.90 acme-ssh", "brand Coyote () 0.90 acme-ssh",
              "software AOS 3.1 () 0.90 acme-ssh"});
  CHECK(known.identify(Protocol::ssh, Field::client_banner, "AcmeTool 4") ==
        Lines{"client Acme 4 (acme) 0.20 acme-client"});
  CHECK(known.identify(Protocol::ssh, Field::banner, "OEM-ZZ") == Lines{"model ZZ () 0.20 trap"});
}

TEST_CASE("An operator's directory is asked before ours") {
  Known known;
  Directory own;
  own.write("registries/ieee.tsv", "# ieee-registry as-of 2026-09-01\n00E0FC\tNew Ltd\tUS\n");
  std::vector<std::filesystem::path> operators{own.path(), own.path() / "nowhere"};
  Diagnostics diagnostics;
  Knowledge knowledge = Knowledge::load(known.rules.path(), operators, diagnostics);
  CHECK(told(diagnostics) == Lines{"nowhere: is not a directory"});
  CHECK(knowledge.registry.lookup("00e0fc").value().registrant == "New Ltd");
  CHECK(knowledge.suppliers.find("acme") != nullptr);
}

TEST_CASE("What is known of a value is listed") {
  Known known;
  auto look = [&](std::string_view value) {
    Lines lines;
    for (const Finding& finding : look_up(known.knowledge, value))
      lines.push_back(
          fmt::format("{}: {} ({}{})", finding.kind, finding.text, finding.supplier, finding.rule));
    return lines;
  };
  CHECK(look("00:e0:fc") ==
        Lines{"registrant: 00:e0:fc (24 bits): Acme Ltd, CN (acme)", "supplier: Acme (acme)"});
  CHECK(look("00-E0-FD-12-34-56") ==
        Lines{"registrant: 00:e0:fd (24 bits): Roadrunner Ltd ()",
              "supplier: Acme: Roadrunner, subsidiary until 2024-01-01 ()"});
  known.knowledge.as_of = before;
  CHECK(look("00-E0-FD-12-34-56") ==
        Lines{"registrant: 00:e0:fd (24 bits): Roadrunner Ltd (acme)",
              "supplier: Acme: Roadrunner, subsidiary until 2024-01-01 (acme)"});
  CHECK(look("02:e0:fc:00:00:01") ==
        Lines{"address: 02:e0:fc:00:00:01: private, given out locally and in no registry ()"});
  CHECK(look("33:33:00:00:00:01") ==
        Lines{"address: 33:33:00:00:00:01: a group address names no device ()"});
  CHECK(look("00:e2:00:00:00:01") ==
        Lines{"address: 00:e2:00:00:00:01: in no block of the registry ()"});
  CHECK(look("00:e2:00") == Lines{"address: 00:e2:00: no block of the registry has all of it ()"});
  CHECK(look("192.168.100.100") == Lines{});
  CHECK(look("77") == Lines{"enterprise: 77: ACME (acme)", "supplier: Acme (acme)"});
  CHECK(look("1.3.6.1.4.1.50001.9") ==
        Lines{"enterprise: 50001: Scildon ()",
              "supplier: Acme, which uses the number without owning it (acme)"});
  CHECK(look("SSH-2.0-ACME-3.1") ==
        Lines{"fingerprint: ssh banner: platform, high, brand Coyote, software AOS 3.1 "
              "(acmeacme-ssh)"});
  CHECK(look("Acme, Ltd") == Lines{"supplier: Acme (acme)"});
  CHECK(look("acme") == Lines{"supplier: Acme (acme)"});
  CHECK(look("nothing at all") == Lines{});
  CHECK(look("") == Lines{});
}
