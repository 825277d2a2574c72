// SPDX-License-Identifier: Apache-2.0
// The XML here is our own, in Recog's form.
#include "identify/recog.hpp"

#include <fmt/format.h>

#include "identify/lookup.hpp"
#include "identify/recog_fields.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr std::string_view makers =
    "makers:\n"
    "  - {supplier: acme, names: [Acme, Coyote Cameras], makes_system: true}\n"
    "  - {supplier: zenith, names: [Zenith]}\n"
    "  - {supplier: zenith, names: [Zenith Chips], aspect: component}\n";

std::string ssh(std::string_view entries) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<fingerprints matches=\"ssh.banner\" protocol=\"ssh\">\n{}</fingerprints>\n",
      entries);
}

constexpr std::string_view acme_row =
    "  <fingerprint pattern=\"^AcmeSSH_(\\S+) ([A-Z]+)\" certainty=\"0.8\" flags=\"REG_ICASE\">\n"
    "    <description>Acme</description>\n"
    "    <example service.version=\"1.2\" hw.product=\"Series RX\">acmessh_1.2 RX</example>\n"
    "    <param pos=\"0\" name=\"service.vendor\" value=\"Zenith\"/>\n"
    "    <param pos=\"0\" name=\"service.product\" value=\"AcmeSSH\"/>\n"
    "    <param pos=\"1\" name=\"service.version\"/>\n"
    "    <param pos=\"0\" name=\"os.vendor\" value=\"Zenith\"/>\n"
    "    <param pos=\"0\" name=\"os.product\" value=\"AOS\"/>\n"
    "    <param pos=\"0\" name=\"os.certainty\" value=\"0.5\"/>\n"
    "    <param pos=\"2\" name=\"hw.family\"/>\n"
    "    <param pos=\"0\" name=\"hw.vendor\" value=\"Acme\"/>\n"
    "    <param pos=\"0\" name=\"hw.product\" value=\"Series {hw.family}\"/>\n"
    "    <param pos=\"0\" name=\"hw.cpe23\" value=\"cpe:/h:acme:{hw.version}\"/>\n"
    "  </fingerprint>\n";

struct Loaded {
  Loaded() {
    rules.write("suppliers/acme.yaml", "id: acme\nname: Acme\ncountry: CN\n");
    rules.write("suppliers/zenith.yaml", "id: zenith\nname: Zenith\ncountry: CN\n");
    rules.write("recog.yaml", makers);
  }
  void load() {
    std::vector<std::filesystem::path> folders{rules.path() / "suppliers"};
    std::vector<std::filesystem::path> tables{rules.path() / "recog.yaml"};
    suppliers = Suppliers::load(folders, diagnostics);
    recog = Recog::load(xml.path(), RecogMakers::load(tables, suppliers, diagnostics), suppliers,
                        diagnostics);
  }
  /// "platform Acme (acme) 0.40" for each claim, behind the rule's name; nothing without a match.
  Lines match(Protocol protocol, Field field, std::string_view text) const {
    std::optional<RecogMatch> match = recog.match(protocol, field, text);
    if (!match) return {};
    Lines lines{std::string(match->rule)};
    for (const RecogClaim& claim : match->claims)
      lines.push_back(fmt::format("{} {} ({}) {:.2f}", to_string(claim.aspect), claim.value,
                                  claim.supplier, claim.certainty));
    return lines;
  }
  Lines banner(std::string_view software) const {
    return match(Protocol::ssh, Field::banner, "SSH-2.0-" + std::string(software));
  }
  Directory rules;
  Directory xml;
  Diagnostics diagnostics;
  Suppliers suppliers;
  Recog recog;
};

}  // namespace

TEST_CASE("A fingerprint of Recog's tells brand, model, systems and, by the table, the supplier",
          "[recog]") {
  Loaded loaded;
  loaded.xml.write("ssh_banners.xml", ssh(acme_row));
  loaded.load();
  CHECK(told(loaded.diagnostics) == Lines{});
  CHECK(loaded.banner("ACMEssh_1.2 RX") ==
        Lines{"recog:ssh_banners.xml:3", "platform Acme (acme) 0.40", "model Series RX () 0.40",
              "software AOS () 0.20", "software AcmeSSH 1.2 () 0.20"});
}

TEST_CASE("Makers that the table does not know are brands, and software has no maker", "[recog]") {
  Loaded loaded;
  auto row = [](std::string_view pattern, std::string_view parameters) {
    return fmt::format("<fingerprint pattern=\"^{}$\">{}</fingerprint>\n", pattern, parameters);
  };
  auto set = [](std::string_view name, std::string_view value) {
    return fmt::format("<param pos=\"0\" name=\"{}\" value=\"{}\"/>", name, value);
  };
  loaded.xml.write("ssh_banners.xml",
                   ssh(row("unknown", set("hw.vendor", "Roadrunner") + set("hw.model", "R1")) +
                       row("nobody", set("hw.vendor", "Unknown")) +
                       row("coyote", set("hw.vendor", "COYOTE-Cameras")) +
                       row("chip", set("hw.vendor", "Zenith Chips")) +
                       row("system", set("os.vendor", "Acme") + set("os.product", "AOS") +
                                         set("os.version", "3")) +
                       row("others", set("os.vendor", "Zenith") + set("hw.vendor", "Roadrunner")) +
                       row("ported", set("os.vendor", "Zenith")) +
                       row("service", set("service.vendor", "Acme")) +
                       row("serial", set("hw.serial_number", "S1") + set("hw.certainty", "0.5")) +
                       row("silent", "")));
  loaded.load();
  CHECK(told(loaded.diagnostics) == Lines{});
  auto claims = [&](std::string_view text) {
    Lines lines = loaded.banner(text);
    REQUIRE_FALSE(lines.empty());
    lines.erase(lines.begin());
    return lines;
  };
  CHECK(claims("unknown") == Lines{"brand Roadrunner () 0.50", "model R1 () 0.50"});
  CHECK(claims("nobody") == Lines{});
  CHECK(claims("coyote") == Lines{"platform Acme (acme) 0.50", "brand COYOTE-Cameras () 0.50"});
  CHECK(claims("chip") == Lines{"component Zenith Chips (zenith) 0.50"});
  CHECK(claims("system") == Lines{"platform Acme (acme) 0.50", "software AOS 3 () 0.50"});
  CHECK(claims("others") == Lines{"brand Roadrunner () 0.50"});
  CHECK(claims("ported") == Lines{});
  CHECK(claims("service") == Lines{});
  CHECK(claims("serial") == Lines{"serial S1 () 0.25"});
  CHECK(claims("silent") == Lines{});
  CHECK(loaded.banner("absent") == Lines{});
}

TEST_CASE("The first row that matches wins, in whichever set it is", "[recog]") {
  Loaded loaded;
  std::string rows;
  for (int i = 0; i < 300; ++i)
    rows += fmt::format(
        "<fingerprint pattern=\"^(?:n{}|all{})$\"><param pos=\"0\" name=\"hw.model\" "
        "value=\"M{}\"/></fingerprint>\n",
        i, i < 200 ? "x" : "", i);
  loaded.xml.write("ssh_banners.xml", ssh(rows));
  loaded.load();
  CHECK(loaded.recog.counts().rows == 300);
  CHECK(loaded.banner("n0") == Lines{"recog:ssh_banners.xml:3", "model M0 () 0.50"});
  CHECK(loaded.banner("n299") == Lines{"recog:ssh_banners.xml:302", "model M299 () 0.50"});
  CHECK(loaded.banner("allx") == Lines{"recog:ssh_banners.xml:3", "model M0 () 0.50"});
  CHECK(loaded.banner("all") == Lines{"recog:ssh_banners.xml:203", "model M200 () 0.50"});
}

TEST_CASE("Texts are put as Recog's patterns expect them", "[recog]") {
  CHECK(in_recog_form(RecogForm::after_version, "SSH-2.0-OpenSSH_9.2") == "OpenSSH_9.2");
  CHECK(in_recog_form(RecogForm::after_version, "SSH-2.0") == "SSH-2.0");
  CHECK(in_recog_form(RecogForm::after_code, "220 ready") == "ready");
  CHECK(in_recog_form(RecogForm::after_code, "220-ready") == "ready");
  CHECK(in_recog_form(RecogForm::after_code, "220") == "");
  CHECK(in_recog_form(RecogForm::after_code, "2200 ready") == "2200 ready");
  CHECK(in_recog_form(RecogForm::after_code, "in between") == "in between");
  CHECK(in_recog_form(RecogForm::after_status, "* OK ready") == "ready");
  CHECK(in_recog_form(RecogForm::after_status, "+OK ready") == "ready");
  CHECK(in_recog_form(RecogForm::after_status, "-ERR no") == "-ERR no");
  CHECK(in_recog_form(RecogForm::challenge, "access") == "Basic realm=\"access\"");
  CHECK(in_recog_form(RecogForm::name_parts, "CN=a, O=b\\, c, C=CN") == "CN=a,O=b\\, c,C=CN");
  CHECK(in_recog_form(RecogForm::same, "as it is") == "as it is");
  CHECK(recog_fields("snmp.sys_description").size() == 3);
  CHECK(recog_fields("telnet_banners").size() == 1);
  CHECK(recog_fields("hp_pjl_id").empty());
}

TEST_CASE("A file that does not say what it matches is known by its name", "[recog]") {
  Loaded loaded;
  std::string_view entry = "<fingerprint pattern=\"^Acme\"/>";
  loaded.xml.write("telnet_banners.xml", fmt::format("<fingerprints>{}</fingerprints>", entry));
  loaded.xml.write("hp_pjl_id.xml", fmt::format("<fingerprints>{}</fingerprints>", entry));
  loaded.xml.write(
      "telnet_more.xml",
      "<fingerprints matches=\"telnet.banner\"><fingerprint pattern=\"^(?:Acme|Zenith)\"/>"
      "</fingerprints>");
  loaded.xml.write("note.txt", "no XML");
  loaded.load();
  CHECK(told(loaded.diagnostics) == Lines{});
  CHECK(loaded.recog.counts().files == 3);
  CHECK(loaded.recog.counts().rows == 2);
  CHECK(loaded.recog.counts().unread == 1);
  CHECK(loaded.match(Protocol::telnet, Field::banner, "Acme login:") ==
        Lines{"recog:telnet_banners.xml:1"});
  CHECK(loaded.match(Protocol::telnet, Field::banner, "Zenith login:") ==
        Lines{"recog:telnet_more.xml:1"});
}

TEST_CASE("A tree of Recog's own is known by its folder xml; an empty one is a mistake",
          "[recog]") {
  Loaded loaded;
  loaded.xml.write("pom.xml", "<project/>");
  loaded.xml.write("xml/ssh_banners.xml", ssh(acme_row));
  loaded.load();
  CHECK(told(loaded.diagnostics) == Lines{});
  CHECK(loaded.recog.counts().files == 1);
  Loaded empty;
  empty.load();
  REQUIRE(told(empty.diagnostics).size() == 1);
  CHECK(told(empty.diagnostics)[0].ends_with(": holds no file of Recog's: *.xml"));
}

TEST_CASE("Patterns that RE2 cannot take are counted and listed, and are no mistake", "[recog]") {
  Loaded loaded;
  loaded.xml.write("ssh_banners.xml",
                   ssh("  <fingerprint pattern=\"(a)\\1\"/>\n"
                       "  <fingerprint pattern=\"^a(?!b)\"/>\n"
                       "  <fingerprint pattern=\"^a\\Z\"/>\n"
                       "  <fingerprint pattern=\"^a\" flags=\"REG_ICASE,REG_EXTENDED\"/>\n"
                       "  <fingerprint pattern=\"^good\" flags=\"REG_ICASE,REG_MULTILINE\"/>\n"));
  loaded.load();
  CHECK(told(loaded.diagnostics) == Lines{});
  CHECK(told(loaded.recog.left_out()) ==
        Lines{"ssh_banners.xml:3:3: left out: pattern: invalid escape sequence: \\1",
              "ssh_banners.xml:4:3: left out: pattern: invalid perl operator: (?!",
              "ssh_banners.xml:5:3: left out: pattern: invalid escape sequence: \\Z",
              "ssh_banners.xml:6:3: left out: flags: \"REG_ICASE,REG_EXTENDED\" is unknown"});
  CHECK(loaded.recog.counts().left_out == 4);
  CHECK(loaded.recog.counts().rows == 1);
  CHECK(loaded.banner("GOOD") == Lines{"recog:ssh_banners.xml:7"});
}

TEST_CASE("Mistakes in Recog's files are told with their place, all at once", "[recog]") {
  Loaded loaded;
  loaded.xml.write("broken.xml",
                   "<fingerprints>\n  <fingerprint pattern=\"a\">\n</fingerprints>\n");
  loaded.xml.write("other.xml", "<?xml version=\"1.0\"?>\n <things/>\n");
  loaded.xml.write("ssh_banners.xml",
                   ssh("  <fingerprint/>\n"
                       "  <fingerprint pattern=\"a\"><param pos=\"1\"/></fingerprint>\n"
                       "  <fingerprint pattern=\"b\">\n"
                       "    <param pos=\"one\" name=\"x\"/><param pos=\"100\" name=\"x\"/>\n"
                       "  </fingerprint>\n"
                       "  <fingerprint pattern=\"c\" certainty=\"2\"/>\n"
                       "  <fingerprint pattern=\"d\">\n"
                       "    <example _encoding=\"hex\">00</example>\n"
                       "    <example _encoding=\"base64\">a</example>\n"
                       "    <example _filename=\"../secret\"/>\n"
                       "  </fingerprint>\n"));
  loaded.load();
  loaded.diagnostics.sort();
  Lines lines = told(loaded.diagnostics);
  REQUIRE(lines.size() == 10);
  CHECK(lines[0].starts_with("broken.xml:3:"));
  CHECK(lines[0].find("not XML: ") != std::string::npos);
  CHECK(lines[1] ==
        "other.xml:2:2: \"things\" is not fingerprints, the element that Recog's files open with");
  CHECK(lines[2] == "ssh_banners.xml:3:3: fingerprint: pattern: missing");
  CHECK(lines[3] == "ssh_banners.xml:4:28: param: name: missing");
  CHECK(lines[4] == "ssh_banners.xml:6:5: param: pos: \"one\" is not a number from 0 to 99");
  CHECK(lines[5] == "ssh_banners.xml:6:32: param: pos: \"100\" is not a number from 0 to 99");
  CHECK(lines[6] ==
        "ssh_banners.xml:8:3: fingerprint: certainty: \"2\" is not a number from 0 to 1");
  CHECK(lines[7] ==
        "ssh_banners.xml:10:5: example: _encoding: \"hex\" is unknown, allowed is base64");
  CHECK(lines[8] == "ssh_banners.xml:11:5: example: is not base64");
  CHECK(lines[9].starts_with(
      "ssh_banners.xml:12:5: example: _filename: \"../secret\" is no file below "));
  CHECK(loaded.recog.counts().rows == 0);
}

TEST_CASE("Recog's own examples hold its rows to their word", "[recog]") {
  Loaded loaded;
  loaded.xml.write("telnet_banners/acme.bin", std::string_view("Acme\0 9\n", 8));
  loaded.xml.write(
      "telnet_banners.xml",
      "<fingerprints matches=\"telnet.banner\">\n"
      "  <fingerprint pattern=\"^Acme(?: |\\x00)+(\\d)$\">\n"
      "    <example hw.version=\"7\">Acme 7</example>\n"
      "    <example _encoding=\"base64\" hw.version=\"8\">\n      QWNt\n      ZSA4Cg==</example>\n"
      "    <example _filename=\"acme.bin\" hw.version=\"9\" hw.vendor=\"Acme\"/>\n"
      "    <example hw.version=\"6\" hw.product=\"P\">Acme 5</example>\n"
      "    <example>Zenith</example>\n"
      "    <param pos=\"1\" name=\"hw.version\"/><param pos=\"2\" name=\"hw.product\"/>\n"
      "    <param pos=\"0\" name=\"hw.vendor\" value=\"Acme\"/>\n"
      "  </fingerprint>\n"
      "  <fingerprint pattern=\"^one\\r\\ntwo\">\n"
      "    <example _encoding=\"base64\">b25lDQp0d28=</example>\n"
      "  </fingerprint>\n"
      "  <fingerprint pattern=\"^two$\">\n"
      "    <example _encoding=\"base64\">b25lDQp0d28=</example>\n"
      "  </fingerprint>\n"
      "</fingerprints>\n");
  loaded.load();
  CHECK(told(loaded.diagnostics) == Lines{});
  Diagnostics notes;
  Recog::Trial trial = loaded.recog.try_examples(loaded.diagnostics, notes);
  CHECK(told(loaded.diagnostics) ==
        Lines{"telnet_banners.xml:8:5: example: hw.version is \"5\", expected \"6\"",
              "telnet_banners.xml:8:5: example: hw.product is \"\", expected \"P\"",
              "telnet_banners.xml:9:5: example: does not match the pattern of line 2"});
  CHECK(trial.examples == 7);
  CHECK(trial.out_of_reach == 1);
  CHECK(told(notes) == Lines{"telnet_banners.xml:13:3: matches none of its examples as Tapwarden "
                             "observes them, cleaned and line by line"});
}

TEST_CASE("The table of makers is held to the suppliers", "[recog]") {
  Loaded loaded;
  loaded.rules.write("recog.yaml",
                     "makers:\n"
                     "  - {supplier: acmee, names: [Acme]}\n"
                     "  - {supplier: zenith, names: [Zenith, ZENITH], aspect: client}\n"
                     "  - {supplier: zenith, names: [Z], made: true}\n");
  loaded.xml.write("ssh_banners.xml", ssh(acme_row));
  loaded.load();
  loaded.diagnostics.sort();
  CHECK(told(loaded.diagnostics) ==
        Lines{"recog.yaml:2:16: makers[0].supplier: \"acmee\" is an unknown supplier, did you mean "
              "\"acme\"?",
              "recog.yaml:3:40: makers[1].names[1]: \"zenith\" stands in this file already",
              "recog.yaml:3:57: makers[1].aspect: \"client\" is unknown, allowed are platform, "
              "brand and component",
              "recog.yaml:4:36: makers[2].made: unknown key, allowed are aspect, makes_system, "
              "names and "
              "supplier"});
}

TEST_CASE("Our rows win over Recog's, in claims and in look-ups", "[recog]") {
  Loaded loaded;
  loaded.rules.write("registries/ieee.tsv", "# ieee-registry as-of 2026-08-26\n");
  loaded.rules.write("registries/enterprise-numbers.tsv",
                     "# enterprise-numbers as-of 2024-08-23\n");
  loaded.rules.write("fingerprints/ssh.yaml",
                     "protocol: ssh\nfingerprints:\n"
                     "  - {id: zenith-ssh, field: banner, pattern: 'AcmeSSH_9', supplier: zenith,"
                     " certainty: high, source: a test}\n");
  loaded.xml.write("ssh_banners.xml", ssh(acme_row));
  Knowledge knowledge =
      Knowledge::load(loaded.rules.path(), {}, loaded.diagnostics, loaded.xml.path());
  CHECK(told(loaded.diagnostics) == Lines{});
  auto rules = [&](std::string_view text) {
    Observation observation;
    observation.protocol = Protocol::ssh;
    observation.field = Field::banner;
    observation.frame = 17;
    observation.text.assign_clean(text);
    std::vector<Claim> claims;
    knowledge.identify(observation, claims);
    Lines lines;
    for (const Claim& claim : claims) {
      CHECK(claim.frame == 17);
      CHECK(claim.text == text);
      lines.push_back(fmt::format("{} {} {}", to_string(claim.aspect), claim.supplier, claim.rule));
    }
    return lines;
  };
  CHECK(rules("SSH-2.0-AcmeSSH_9 RX") == Lines{"platform zenith zenith-ssh"});
  CHECK(rules("SSH-2.0-AcmeSSH_8 RX") ==
        Lines{"platform acme recog:ssh_banners.xml:3", "model  recog:ssh_banners.xml:3",
              "software  recog:ssh_banners.xml:3", "software  recog:ssh_banners.xml:3"});
  std::vector<Finding> findings = look_up(knowledge, "SSH-2.0-AcmeSSH_8 RX");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "recog:ssh_banners.xml:3");
  CHECK(findings[0].supplier == "acme");
  CHECK(findings[0].text ==
        "ssh banner: Recog, platform Acme 0.40, model Series RX 0.40, software AOS 0.20, software "
        "AcmeSSH 8 0.20");
}
