// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "identify/rule_files.hpp"
#include "yaml/yaml.hpp"

namespace tapwarden {

namespace {

constexpr std::string_view kKinds[] = {"use_ban",        "authorisation", "procurement",
                                       "export_control", "investment",    "guidance",
                                       "proposal"};
constexpr std::string_view kGrades[] = {"possible", "probable", "confirmed"};
/// In the order of the enum: aspects that can be somebody's.
constexpr std::string_view kAspects[] = {"platform", "brand", "component", "client"};

std::vector<Aspect> read_aspects(const yaml::Node& node) {
  std::vector<Aspect> aspects;
  for (const yaml::Node& item : node.list()) {
    auto index = item.choice(kAspects);
    if (!index) continue;
    if (std::ranges::find(aspects, Aspect(*index)) != aspects.end())
      item.complain("stands in the list already");
    else
      aspects.push_back(Aspect(*index));
  }
  if (node && aspects.empty()) node.complain("names no aspect, so that the entry is never met");
  return aspects;
}

PolicyEntry read_entry(const yaml::Node& node, const Suppliers& suppliers) {
  PolicyEntry entry;
  yaml::Map map(node);
  yaml::Node supplier = map.required("supplier");
  entry.supplier = supplier.text().value_or("");
  if (!entry.supplier.empty() && suppliers.find(entry.supplier) == nullptr)
    supplier.complain(suppliers.unknown(entry.supplier));
  entry.scope = map.required("scope").text().value_or("");
  if (auto severity = map.required("severity").choice(severity_names))
    entry.severity = Severity(*severity);
  entry.from = map.optional("from").date();
  yaml::Node until = map.optional("until");
  entry.until = until.date();
  if (entry.from && entry.until && *entry.until < *entry.from) until.complain("is before \"from\"");
  if (auto grade = map.optional("grade").choice(kGrades)) entry.grade = Grade(*grade);
  if (yaml::Node aspects = map.optional("aspects")) entry.aspects = read_aspects(aspects);
  entry.source = map.optional("source").text().value_or("");
  map.finish();
  return entry;
}

Policy read_policy(const yaml::Node& root, const std::filesystem::path& file,
                   const Suppliers& suppliers) {
  Policy policy;
  yaml::Map map(root);
  yaml::Node id = map.required("id");
  policy.id = id.text().value_or("");
  if (!policy.id.empty() && policy.id != file.stem().string()) {
    id.complain(fmt::format("is \"{}\" but the file is called \"{}\"", policy.id,
                            file.filename().string()));
  }
  policy.title = map.required("title").text().value_or("");
  policy.authority = map.required("authority").text().value_or("");
  policy.country = map.optional("country").text().value_or("");
  if (auto kind = map.required("kind").choice(kKinds)) policy.kind = PolicyKind(*kind);
  policy.source = map.required("source").text().value_or("");
  if (auto as_of = map.required("as_of").date()) policy.as_of = *as_of;
  for (const yaml::Node& entry : map.required("entries").list()) {
    PolicyEntry read = read_entry(entry, suppliers);
    auto is_same = [&](const PolicyEntry& one) {
      return one.supplier == read.supplier && one.scope == read.scope;
    };
    // An alert is told from another by these two.
    if (!read.supplier.empty() && std::ranges::any_of(policy.entries, is_same))
      entry.complain("has the supplier and the scope of another entry");
    policy.entries.push_back(std::move(read));
    if (policy.entries.back().source.empty()) policy.entries.back().source = policy.source;
  }
  map.finish();
  return policy;
}

}  // namespace

std::string_view to_string(PolicyKind kind) { return kKinds[static_cast<size_t>(kind)]; }

Policies Policies::load(std::span<const std::filesystem::path> directories,
                        const Suppliers& suppliers, Diagnostics& diagnostics) {
  Policies policies;
  for (const auto& directory : directories) {
    for (const auto& file : rule_files(directory, diagnostics)) {
      yaml::Node root = yaml::load(file, diagnostics);
      if (!root) continue;
      Policy policy = read_policy(root, file, suppliers);
      std::erase_if(policies.all_, [&](const Policy& one) { return one.id == policy.id; });
      policies.all_.push_back(std::move(policy));
    }
  }
  std::ranges::sort(policies.all_, {}, &Policy::id);
  return policies;
}

const Policy* Policies::find(std::string_view id) const {
  auto found = std::ranges::find(all_, id, &Policy::id);
  return found == all_.end() ? nullptr : &*found;
}

std::string Policies::unknown(std::string_view id) const {
  std::vector<std::string_view> known;
  for (const Policy& policy : all_) known.push_back(policy.id);
  std::string_view near = nearest(id, known);
  if (near.empty()) return fmt::format("there is no policy {}", in_quotes(id));
  return fmt::format("there is no policy {}, did you mean {}?", in_quotes(id), in_quotes(near));
}

std::vector<Hit> Policies::hits(std::string_view supplier, std::span<const std::string> active,
                                Date day) const {
  std::vector<Hit> hits;
  for (const Policy& policy : all_) {
    if (!active.empty() && std::ranges::find(active, policy.id) == active.end()) continue;
    for (const PolicyEntry& entry : policy.entries) {
      if (entry.supplier == supplier && entry.in_force(day)) hits.push_back({&policy, &entry});
    }
  }
  return hits;
}

}  // namespace tapwarden
