// SPDX-License-Identifier: Apache-2.0
#include "identify/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "identify/rule_files.hpp"
#include "identify/table.hpp"

namespace tapwarden {

namespace {

constexpr size_t value_size_max = 4096;

/// Its supplier's id while it belongs to it; a firm that was sold is judged as itself.
std::string judged_as(const Knowledge& knowledge, const Holder& holder) {
  bool was_sold = holder.member != nullptr && holder.member->left_by(knowledge.as_of);
  return was_sold ? std::string() : holder.supplier->id;
}

void add_supplier(const Knowledge& knowledge, const std::optional<Holder>& holder,
                  std::vector<Finding>& findings) {
  if (!holder) return;
  const Supplier& supplier = *holder->supplier;
  std::string text = supplier.name;
  if (holder->squatted) text += ", which uses the number without owning it";
  if (const Member* member = holder->member) {
    text += fmt::format(": {}, {}", member->name, to_string(member->relation));
    if (member->from) text += " since " + to_string(*member->from);
    if (member->until) text += " until " + to_string(*member->until);
  }
  findings.push_back({"supplier", std::move(text), judged_as(knowledge, *holder), {}});
  for (const FormerOwner& owner : supplier.formerly)
    findings.push_back({"supplier",
                        owner.until
                            ? fmt::format("{} was part of {} until {}", supplier.name,
                                          owner.supplier, to_string(*owner.until))
                            : fmt::format("{} was part of {}", supplier.name, owner.supplier),
                        supplier.id,
                        {}});
}

void add_assignment(const Knowledge& knowledge, const Assignment& found,
                    std::vector<Finding>& findings) {
  std::string text =
      fmt::format("{} ({} bits): {}", prefix_text(found), found.bits, shown(found.registrant));
  if (!found.country.empty()) text += fmt::format(", {}", found.country);
  std::optional<Holder> holder = knowledge.suppliers.of_registrant(found.registrant);
  findings.push_back(
      {"registrant", std::move(text), holder ? judged_as(knowledge, *holder) : "", {}});
  add_supplier(knowledge, holder, findings);
}

/// Whether the value is written as an address or the beginning of one.
bool is_prefix(std::string_view value) {
  size_t digits = 0;
  for (char c : value) {
    bool is_digit = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
    if (is_digit)
      ++digits;
    else if (((c == ':' || c == '-') && digits % 2 == 0) || (c == '.' && digits % 4 == 0))
      continue;
    else
      return false;
  }
  return digits >= 6 && digits <= 12;
}

void look_up_address(const Knowledge& knowledge, std::string_view value,
                     std::vector<Finding>& findings) {
  if (!is_prefix(value)) return;
  std::optional<Mac> mac = parse_mac(value);
  if (mac) add_supplier(knowledge, knowledge.suppliers.of_address(*mac), findings);
  if (mac && administration(*mac) == Administration::group) {
    findings.push_back({"address", to_string(*mac) + ": a group address names no device", {}, {}});
  } else if (mac && administration(*mac) == Administration::local) {
    findings.push_back(
        {"address", to_string(*mac) + ": private, given out locally and in no registry", {}, {}});
  } else if (std::optional<Assignment> found = knowledge.registry.lookup(value)) {
    add_assignment(knowledge, *found, findings);
  } else if (mac) {
    findings.push_back({"address", to_string(*mac) + ": in no block of the registry", {}, {}});
  } else if (value.find_first_of(":-.") != std::string_view::npos) {
    findings.push_back(
        {"address", std::string(value) + ": no block of the registry has all of it", {}, {}});
  }
}

void look_up_number(const Knowledge& knowledge, std::string_view value,
                    std::vector<Finding>& findings) {
  std::optional<uint32_t> number = parse_enterprise(value);
  if (!number) number = enterprise_of_oid(value);
  if (!number) return;
  std::optional<Holder> holder = knowledge.suppliers.of_enterprise(*number);
  if (std::optional<std::string_view> organisation = knowledge.enterprise_numbers.lookup(*number))
    findings.push_back({"enterprise",
                        fmt::format("{}: {}", *number, shown(*organisation)),
                        holder && !holder->squatted ? judged_as(knowledge, *holder) : "",
                        {}});
  add_supplier(knowledge, holder, findings);
}

std::string describe(const Match& match) {
  const Fingerprint& row = *match.row;
  std::string text = fmt::format("{} {}: {}, {}", to_string(row.protocol), to_string(row.field),
                                 to_string(row.aspect), to_string(row.certainty));
  if (row.supplier.empty()) text += ", names no supplier";
  if (!match.brand.empty()) text += ", brand " + shown(match.brand);
  if (!match.model.empty()) text += ", model " + shown(match.model);
  if (!match.software.empty()) text += ", software " + shown(match.software);
  return text;
}

std::string describe(Protocol protocol, Field field, const RecogMatch& match) {
  std::string text = fmt::format("{} {}: Recog", to_string(protocol), to_string(field));
  for (const RecogClaim& said : match.claims)
    text +=
        fmt::format(", {} {} {:.2f}", to_string(said.aspect), shown(said.value), said.certainty);
  return match.claims.empty() ? text + ", says nothing of the device" : text;
}

std::string supplier_of(const RecogMatch& match) {
  for (const RecogClaim& said : match.claims)
    if (!said.supplier.empty()) return std::string(said.supplier);
  return {};
}

void look_up_text(const Knowledge& knowledge, std::string_view value,
                  std::vector<Finding>& findings) {
  for (const ProtocolRow& protocol : protocol_table())
    for (Field field : protocol.fields)
      if (std::optional<Match> match =
              knowledge.fingerprints.match(protocol.protocol, field, value))
        findings.push_back({"fingerprint", describe(*match), match->row->supplier, match->row->id});
      else if (auto recog = knowledge.recog.match(protocol.protocol, field, value))
        findings.push_back({"fingerprint", describe(protocol.protocol, field, *recog),
                            supplier_of(*recog), std::string(recog->rule)});
}

}  // namespace

std::vector<Finding> look_up(const Knowledge& knowledge, std::string_view value) {
  std::vector<Finding> findings;
  value = value.substr(0, value_size_max);
  look_up_address(knowledge, value, findings);
  look_up_number(knowledge, value, findings);
  add_supplier(knowledge, knowledge.suppliers.of_registrant(value), findings);
  if (const Supplier* supplier = knowledge.suppliers.find(value))
    add_supplier(knowledge, Holder{supplier, nullptr, false}, findings);
  look_up_text(knowledge, value, findings);
  return findings;
}

}  // namespace tapwarden
