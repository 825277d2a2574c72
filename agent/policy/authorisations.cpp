// SPDX-License-Identifier: Apache-2.0
#include "policy/authorisations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "yaml/yaml.hpp"

namespace tapwarden {

namespace {

std::string unknown_site(std::string_view site, std::span<const std::string> sites) {
  std::string_view near = nearest(site, sites);
  if (near.empty()) return fmt::format("there is no tap \"{}\"", site);
  return fmt::format("there is no tap \"{}\", did you mean \"{}\"?", site, near);
}

bool is_among(std::span<const std::string> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void read_policies(const yaml::Node& list, const Authorisable& known, Authorisation& one) {
  for (const yaml::Node& item : list.list()) {
    auto id = item.text();
    if (!id) continue;
    if (known.policies.find(*id) == nullptr)
      item.complain(known.policies.unknown(*id));
    else if (!known.active.empty() && !is_among(known.active, *id))
      item.complain(fmt::format("\"{}\" is not among policies of the configuration", *id));
    one.policies.push_back(*id);
  }
}

Authorisation read_one(const yaml::Node& node, const Authorisable& known,
                       const Diagnostics& diagnostics) {
  size_t mistakes = diagnostics.all().size();
  Authorisation one;
  yaml::Map map(node);
  yaml::Node mac = map.optional("mac"), serial = map.optional("serial"),
             site = map.optional("site"), supplier = map.optional("supplier"),
             until = map.optional("until");
  if (auto text = mac.text()) {
    one.mac = parse_mac(*text);
    if (!one.mac) mac.complain("no MAC address: six octets, as in 00:e0:fc:12:34:56, are allowed");
  }
  one.serial = serial.text().value_or("");
  one.site = site.text().value_or("");
  if (!one.site.empty() && !known.sites.empty() && !is_among(known.sites, one.site))
    site.complain(unknown_site(one.site, known.sites));
  one.supplier = supplier.text().value_or("");
  if (!one.supplier.empty() && known.suppliers.find(one.supplier) == nullptr)
    supplier.complain(known.suppliers.unknown(one.supplier));
  read_policies(map.optional("policies"), known, one);
  one.until = until.date("leave it out for good");
  map.optional("by");
  map.optional("reason");
  map.finish();
  // Where something else is wrong that may be why.
  if (!mac && !serial && !site && !supplier && diagnostics.all().size() == mistakes)
    node.complain("names no device: mac, serial, site or supplier is needed");
  one.by = map.required("by").text().value_or("");
  one.reason = map.required("reason").text().value_or("");
  return one;
}

/// The list in a file. One that is cut to nothing would take back all that it said before.
std::vector<yaml::Node> read_list(const std::filesystem::path& file, Diagnostics& diagnostics) {
  size_t mistakes = diagnostics.all().size();
  yaml::Node root = yaml::load(file, diagnostics);
  if (!root && diagnostics.all().size() == mistakes) {
    diagnostics.add(file.string(), 0, 0,
                    "authorisations: missing; [] is allowed where nothing is authorised");
  }
  yaml::Map map(root);
  yaml::Node list = map.required("authorisations");
  map.finish();
  return list.list();
}

bool bears(const Device& device, const std::string& serial) {
  return std::ranges::any_of(device.evidence, [&](const Evidence& one) {
    return one.claim.aspect == Aspect::serial && one.claim.value == serial;
  });
}

}  // namespace

Authorisations Authorisations::load(std::span<const std::filesystem::path> files,
                                    const Authorisable& known, Diagnostics& diagnostics) {
  Authorisations authorisations;
  for (const auto& file : files) {
    for (const yaml::Node& node : read_list(file, diagnostics))
      authorisations.all_.push_back(read_one(node, known, diagnostics));
  }
  return authorisations;
}

size_t Authorisations::over(Date day) const {
  return static_cast<size_t>(std::ranges::count_if(
      all_, [&](const Authorisation& one) { return one.until && day > *one.until; }));
}

const Authorisation* Authorisations::find(const Device& device, std::string_view site,
                                          const Hit& hit, Date day) const {
  for (const Authorisation& one : all_) {
    if (one.mac && !device.bears(*one.mac)) continue;
    if (!one.serial.empty() && !bears(device, one.serial)) continue;
    if (!one.site.empty() && one.site != site) continue;
    if (!one.supplier.empty() && one.supplier != hit.entry->supplier) continue;
    if (one.until && day > *one.until) continue;
    if (!one.policies.empty() &&
        std::ranges::find(one.policies, hit.policy->id) == one.policies.end())
      continue;
    return &one;
  }
  return nullptr;
}

}  // namespace tapwarden
