// SPDX-License-Identifier: Apache-2.0
#include "identify/knowledge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "identify/systems.hpp"
#include "identify/table.hpp"

namespace tapwarden {

namespace {

/// Numbers that come with software whoever built the device: ucd-snmp, net-snmp, lwIP's default,
/// two that many makers left as they found them, and Comware's, which H3C's switches bear as well
/// as HPE's; and those of bodies that set standards for them, Broadband Forum and CableLabs. They
/// tell of no maker; what a shared one is worth beside other words, fingerprints say.
constexpr std::array<uint32_t, 8> numbers_of_nobody = {2021,  3561,  4491,  8072,
                                                       16972, 17409, 25506, 26381};

/// The registry's word for a registrant that wishes to stay unnamed.
constexpr std::string_view hidden_registrant = "Private";

Claim claim_from(const Observation& observation, Aspect aspect, std::string_view value,
                 double certainty, std::string_view rule) {
  Claim claim;
  claim.aspect = aspect;
  claim.value = value;
  claim.certainty = certainty;
  claim.rule = rule;
  claim.text = observation.text.view();
  set_provenance(claim, observation);
  return claim;
}

/// Says for the record that a firm was a supplier's until it was sold.
void claim_former(std::string_view firm, std::string_view owner, std::chrono::year_month_day until,
                  const Claim& base, std::vector<Claim>& claims) {
  Claim former = base;
  former.aspect = Aspect::former;
  former.value = fmt::format("{} was part of {} until {}", firm, owner, to_string(until));
  former.supplier.clear();
  claims.push_back(std::move(former));
}

/// Claims a platform for its supplier, or for whose that was on the day that is asked for: before a
/// firm was sold, its devices were those of its owner.
void claim_platform(const Knowledge& knowledge, const Supplier& supplier, Claim claim,
                    std::vector<Claim>& claims) {
  claim.supplier = supplier.id;
  std::vector<Claim> beside;
  for (const FormerOwner& owner : supplier.formerly) {
    const Supplier* whose = knowledge.suppliers.find(owner.supplier);
    if (!owner.until || whose == nullptr) continue;
    if (*owner.until <= knowledge.as_of) {
      claim_former(supplier.name, whose->name, *owner.until, claim, beside);
      continue;
    }
    beside.push_back(claim);
    beside.back().aspect = Aspect::brand;
    beside.back().value = supplier.name;
    beside.back().supplier.clear();
    claim.supplier = whose->id;
  }
  claims.push_back(std::move(claim));
  std::ranges::move(beside, std::back_inserter(claims));
}

/// What the name of a firm claims that counts as a supplier's, or once did.
void claim_member(const Knowledge& knowledge, const Holder& holder, const Claim& base,
                  std::vector<Claim>& claims) {
  const Member& member = *holder.member;
  Claim claim = base;
  claim.supplier = holder.supplier->id;
  Claim brand = base;
  brand.aspect = Aspect::brand;
  brand.value = member.name;
  bool is_its = member.belongs_on(knowledge.as_of);
  switch (member.relation) {
    case Relation::subsidiary:
    case Relation::affiliate:
      if (is_its) claims.push_back(std::move(claim));
      claims.push_back(std::move(brand));
      if (member.left_by(knowledge.as_of))
        claim_former(member.name, holder.supplier->name, *member.until, base, claims);
      break;
    case Relation::component:
      claim.aspect = Aspect::component;
      if (!is_its) claim.supplier.clear();
      claims.push_back(std::move(claim));
      break;
    case Relation::operator_:
      if (is_its) brand.supplier = holder.supplier->id;
      claims.push_back(std::move(brand));
      break;
    case Relation::partner:
    case Relation::rebrand:
      claims.push_back(std::move(brand));
      break;
  }
}

/// What a registered name or number claims, by the relation of its holder to a supplier.
void claim_holder(const Knowledge& knowledge, const std::optional<Holder>& holder,
                  const Claim& base, std::vector<Claim>& claims) {
  if (!holder)
    claims.push_back(base);
  else if (holder->member)
    claim_member(knowledge, *holder, base, claims);
  else
    claim_platform(knowledge, *holder->supplier, base, claims);
}

void claim_oui(const Knowledge& knowledge, const Observation& observation,
               std::vector<Claim>& claims) {
  std::optional<Assignment> found = knowledge.registry.lookup(observation.text.view());
  if (!found) return;
  // Most OUIs in messages are those of standards bodies: only a supplier's says something.
  std::optional<Holder> holder = knowledge.suppliers.of_registrant(found->registrant);
  if (!holder) return;
  claim_holder(
      knowledge, holder,
      claim_from(observation, Aspect::platform, found->registrant, certainty_of_oui, rule_registry),
      claims);
}

/// What an IPv6 address holds of a MAC (RFC 4291, appendix A).
std::optional<Mac> mac_of_address(std::string_view text) {
  std::optional<IpAddress> ip = IpAddress::parse(text);
  return ip && ip->is_v6() ? mac_from_eui64(ip->octets().subspan<8, 8>()) : std::nullopt;
}

/// Which operating system speaks.
void claim_system(const Observation& observation, std::vector<Claim>& claims) {
  std::string_view text = observation.text.view();
  std::string_view system;
  if (observation.field == Field::hop_limit) system = start_of_hop_limit(text);
  if (observation.field == Field::user_agent && observation.protocol == Protocol::http)
    system = system_of_user_agent(text);
  if (!system.empty())
    claims.push_back(
        claim_from(observation, Aspect::system, system, certainty_of_system, rule_system));
}

void claim_by_kind(const Knowledge& knowledge, const Observation& observation,
                   std::vector<Claim>& claims) {
  std::string_view text = observation.text.view();
  auto said = [&](Aspect aspect) {
    claims.push_back(claim_from(observation, aspect, text, certainty_of_own_word, rule_own_word));
  };
  switch (row(observation.field).kind) {
    case FieldKind::mac:
      if (std::optional<Mac> mac = parse_mac(text))
        knowledge.claims_of_mac(*mac, observation, claims);
      break;
    case FieldKind::address:
      if (std::optional<Mac> mac = mac_of_address(text);
          mac && observation.field == Field::binding && *mac != observation.host.mac)
        knowledge.claims_of_mac(*mac, observation, claims);
      break;
    case FieldKind::oid:
      if (std::optional<uint32_t> number = enterprise_of_oid(text))
        knowledge.claims_of_enterprise(*number, observation, claims);
      break;
    case FieldKind::enterprise:
      if (std::optional<uint32_t> number = parse_enterprise(text))
        knowledge.claims_of_enterprise(*number, observation, claims);
      break;
    case FieldKind::oui:
      claim_oui(knowledge, observation, claims);
      break;
    case FieldKind::brand:
      said(Aspect::brand);
      break;
    case FieldKind::model:
      said(Aspect::model);
      break;
    case FieldKind::software:
      said(Aspect::software);
      break;
    case FieldKind::serial:
      said(Aspect::serial);
      break;
    default:
      break;
  }
}

/// Of a part or a client, model and version are not the device's: they go into the one value.
std::string name_of_part(const Match& match, std::string_view maker) {
  std::string name(match.brand.empty() ? maker : std::string_view(match.brand));
  for (const std::string& more : {match.model, match.software})
    if (!more.empty()) name += (name.empty() ? "" : " ") + more;
  return name;
}

void claim_fingerprint(const Match& match, const Knowledge& knowledge,
                       const Observation& observation, std::vector<Claim>& claims) {
  const Fingerprint& row = *match.row;
  const Supplier* supplier = knowledge.suppliers.find(row.supplier);
  std::string_view maker = supplier ? std::string_view(supplier->name) : std::string_view();
  auto add = [&](Aspect aspect, std::string_view value, std::string_view id) {
    if (value.empty()) return;
    claims.push_back(claim_from(observation, aspect, value, weight(row.certainty), row.id));
    claims.back().supplier = id;
  };
  if (row.aspect == Aspect::component || row.aspect == Aspect::client) {
    add(row.aspect, name_of_part(match, maker), row.supplier);
    return;
  }
  if (row.aspect == Aspect::platform && supplier != nullptr) {
    claim_platform(knowledge, *supplier,
                   claim_from(observation, Aspect::platform, maker, weight(row.certainty), row.id),
                   claims);
  }
  if (row.aspect == Aspect::brand)
    add(Aspect::brand, match.brand.empty() ? maker : std::string_view(match.brand), row.supplier);
  else
    add(Aspect::brand, match.brand, "");
  add(Aspect::model, match.model, "");
  add(Aspect::software, match.software, "");
}

void claim_recog(const RecogMatch& match, const Knowledge& knowledge,
                 const Observation& observation, std::vector<Claim>& claims) {
  for (const RecogClaim& said : match.claims) {
    Claim claim = claim_from(observation, said.aspect, said.value, said.certainty, match.rule);
    claim.supplier = said.supplier;
    const Supplier* supplier = knowledge.suppliers.find(said.supplier);
    if (said.aspect == Aspect::platform && supplier != nullptr)
      claim_platform(knowledge, *supplier, std::move(claim), claims);
    else
      claims.push_back(std::move(claim));
  }
}

/// The last directory that holds the file; ours where none does.
std::filesystem::path newest(const std::filesystem::path& rules,
                             std::span<const std::filesystem::path> operators,
                             const char* registry) {
  std::filesystem::path chosen = rules / "registries" / registry;
  for (const std::filesystem::path& directory : operators) {
    std::error_code error;
    std::filesystem::path own = directory / "registries" / registry;
    if (std::filesystem::exists(own, error)) chosen = own;
  }
  return chosen;
}

std::vector<std::filesystem::path> folders(const std::filesystem::path& rules,
                                           std::span<const std::filesystem::path> operators,
                                           const char* folder) {
  std::vector<std::filesystem::path> found{rules / folder};
  for (const std::filesystem::path& directory : operators) {
    std::error_code error;
    if (std::filesystem::exists(directory / folder, error)) found.push_back(directory / folder);
  }
  return found;
}

}  // namespace

Knowledge Knowledge::load(const std::filesystem::path& rules,
                          std::span<const std::filesystem::path> operators,
                          Diagnostics& diagnostics, const std::filesystem::path& recog) {
  for (const std::filesystem::path& directory : operators) {
    std::error_code error;
    if (!std::filesystem::is_directory(directory, error))
      diagnostics.add(directory.string(), 0, 0, "is not a directory");
  }
  Knowledge knowledge;
  knowledge.as_of = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  knowledge.registry = Registry::load(newest(rules, operators, "ieee.tsv"), diagnostics);
  knowledge.enterprise_numbers =
      EnterpriseNumbers::load(newest(rules, operators, "enterprise-numbers.tsv"), diagnostics);
  knowledge.suppliers = Suppliers::load(folders(rules, operators, "suppliers"), diagnostics);
  knowledge.fingerprints = Fingerprints::load(folders(rules, operators, "fingerprints"),
                                              knowledge.suppliers, diagnostics);
  std::vector<std::filesystem::path> tables{rules / "recog.yaml"};
  for (const std::filesystem::path& directory : operators)
    tables.push_back(directory / "recog.yaml");
  RecogMakers makers = RecogMakers::load(tables, knowledge.suppliers, diagnostics);
  knowledge.recog = Recog::load(recog, std::move(makers), knowledge.suppliers, diagnostics);
  return knowledge;
}

void Knowledge::identify(const Observation& observation, std::vector<Claim>& claims) const {
  if (observation.text.empty()) return;
  claim_by_kind(*this, observation, claims);
  claim_system(observation, claims);
  std::optional<Match> match =
      fingerprints.match(observation.protocol, observation.field, observation.text.view());
  if (match) return claim_fingerprint(*match, *this, observation, claims);
  std::optional<RecogMatch> of_recog =
      recog.match(observation.protocol, observation.field, observation.text.view());
  if (of_recog) claim_recog(*of_recog, *this, observation, claims);
}

void Knowledge::claims_of_mac(const Mac& mac, const Observation& observation,
                              std::vector<Claim>& claims) const {
  if (std::optional<Holder> holder = suppliers.of_address(mac)) {
    Claim base = claim_from(observation, Aspect::platform, holder->member->name, certainty_of_mac,
                            rule_address);
    base.text = to_string(mac);
    return claim_holder(*this, holder, base, claims);
  }
  std::optional<Assignment> found = registry.lookup(mac);
  if (!found || found->registrant == hidden_registrant) return;
  Claim base =
      claim_from(observation, Aspect::platform, found->registrant, certainty_of_mac, rule_registry);
  base.text = to_string(mac);
  claim_holder(*this, suppliers.of_registrant(found->registrant), base, claims);
}

void Knowledge::claims_of_enterprise(uint32_t number, const Observation& observation,
                                     std::vector<Claim>& claims) const {
  std::optional<Holder> holder = suppliers.of_enterprise(number);
  std::optional<std::string_view> organisation = enterprise_numbers.lookup(number);
  if (!holder &&
      (!organisation || std::ranges::find(numbers_of_nobody, number) != numbers_of_nobody.end()))
    return;
  // IANA's name of a squatted number is that of somebody who has nothing to do with the device.
  std::string_view value = holder && (holder->squatted || !organisation)
                               ? std::string_view(holder->supplier->name)
                               : *organisation;
  double certainty = holder && holder->squatted ? certainty_of_squat : certainty_of_number;
  claim_holder(*this, holder,
               claim_from(observation, Aspect::platform, value, certainty, rule_number), claims);
}

}  // namespace tapwarden
