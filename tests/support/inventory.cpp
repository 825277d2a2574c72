// SPDX-License-Identifier: Apache-2.0
#include "support/inventory.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "support/rules.hpp"

namespace tapwarden::test {

namespace {

struct MadeUp {
  MadeUp() {
    rules.write("registries/ieee.tsv",
                "# ieee-registry as-of 2026-08-26\n"
                "0007B4\tSomebody Ltd\tUS\n00E0F0\tBolt Ltd\tDE\n00E0FC\tAcme "
                "Ltd\tCN\n00E100\tSomebody Ltd\tUS\n");
    rules.write("registries/enterprise-numbers.tsv",
                "# enterprise-numbers as-of 2024-08-23\n77\tACME\n78\tBolt\n79\tSomebody\n");
    rules.write("suppliers/acme.yaml",
                "id: acme\nname: Acme\ncountry: CN\nregistrants: [Acme Ltd]\n"
                "enterprise_numbers: [77]\n");
    rules.write("suppliers/bolt.yaml",
                "id: bolt\nname: Bolt\ncountry: DE\nregistrants: [Bolt Ltd]\n"
                "enterprise_numbers: [78]\n");
    rules.write("fingerprints/ssh.yaml", fingerprints("ssh", "banner"));
    rules.write("fingerprints/http.yaml", fingerprints("http", "server"));
    Diagnostics diagnostics;
    knowledge = Knowledge::load(rules.path(), {}, diagnostics);
    if (!diagnostics.empty()) throw std::runtime_error(diagnostics.all()[0].text());
  }

  static std::string fingerprints(std::string_view protocol, std::string_view field) {
    std::string text = fmt::format("protocol: {}\nfingerprints:\n", protocol);
    for (std::string_view name : {"ACME", "BOLT"}) {
      std::string_view id = name == "ACME" ? "acme" : "bolt";
      text += fmt::format(
          "  - {{id: {0}-maybe-{1}, field: {2}, pattern: 'maybe {3}', supplier: {0}, certainty: "
          "medium, source: a test}}\n"
          "  - {{id: {0}-{1}, field: {2}, pattern: '{3}', supplier: {0}, certainty: high, source: "
          "a test}}\n",
          id, protocol, field, name);
    }
    return text;
  }

  Directory rules;
  Knowledge knowledge;
};

IpAddress ip_of(std::string_view text) {
  return text.empty() ? IpAddress() : IpAddress::parse(text).value();
}

}  // namespace

const Knowledge& made_up_knowledge() {
  static const MadeUp made_up;
  return made_up.knowledge;
}

Rules made_up_rules() {
  MadeUp made_up;
  Directory directory;
  directory.write("ban.yaml",
                  "id: ban\ntitle: T\nauthority: A\nkind: use_ban\nsource: S\nas_of: 2026-01-01\n"
                  "entries: [{supplier: acme, scope: all, severity: high}]\n");
  Rules rules{std::move(made_up.knowledge), {}};
  Diagnostics diagnostics;
  std::vector<std::filesystem::path> directories{directory.path()};
  rules.policies = Policies::load(directories, rules.knowledge.suppliers, diagnostics);
  if (!diagnostics.empty()) throw std::runtime_error(diagnostics.all()[0].text());
  return rules;
}

Timestamp at(int64_t seconds) {
  using namespace std::chrono_literals;
  return std::chrono::sys_days(2026y / 1 / 1) + std::chrono::seconds(seconds);
}

Host station(std::string_view mac, std::string_view ip) {
  return {parse_mac(mac).value(), ip_of(ip), true, false};
}

Host behind(std::string_view mac, std::string_view ip) {
  return {mac.empty() ? Mac() : parse_mac(mac).value(), ip_of(ip), false, false};
}

Observation sighting(const Host& host, int64_t seconds, uint32_t packets) {
  Observation observation;
  observation.time = at(seconds);
  observation.host = host;
  observation.packets = packets;
  return observation;
}

Observation fact(const Host& host, Protocol protocol, Field field, std::string_view text,
                 int64_t seconds) {
  Observation observation;
  observation.time = at(seconds);
  observation.frame = static_cast<uint64_t>(seconds);
  observation.host = host;
  observation.protocol = protocol;
  observation.field = field;
  observation.text.assign_clean(text);
  return observation;
}

const Device* Network::find(std::string_view address) const {
  const Device* found = nullptr;
  size_t count = 0;
  inventory.each([&](const Device& device) {
    if (key_text(device) != address) return;
    found = &device;
    ++count;
  });
  return count == 1 ? found : nullptr;
}

Lines Network::keys() const {
  Lines keys;
  inventory.each([&](const Device& device) { keys.push_back(key_text(device)); });
  return keys;
}

std::string key_text(const Device& device) {
  return device.key.mac ? to_string(device.key.mac) : to_string(device.key.ip);
}

Lines claims(const Device& device) {
  Lines lines;
  for (const Evidence& evidence : device.evidence) {
    const Claim& claim = evidence.claim;
    lines.push_back(fmt::format("{} {} ({}) {:.2f} of {}", to_string(claim.aspect), claim.value,
                                claim.supplier, claim.certainty, claim.text));
  }
  return lines;
}

std::string verdict_text(const Device& device) {
  if (!device.verdict) return "none";
  return fmt::format("{} {} {:.3f}", device.verdict->supplier, to_string(device.verdict->grade),
                     device.verdict->certainty);
}

Lines addresses(const Device& device) {
  Lines lines;
  for (const DeviceAddress& address : device.addresses)
    lines.push_back(to_string(address.ip) + (address.is_bound ? " bound" : ""));
  return lines;
}

}  // namespace tapwarden::test
