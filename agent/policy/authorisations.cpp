// SPDX-License-Identifier: Apache-2.0
#include "policy/authorisations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "yaml/yaml.hpp"

namespace tapwarden {

namespace {

Authorisation read_one(const yaml::Node& node, const Policies& policies,
                       const Suppliers& suppliers) {
  Authorisation one;
  yaml::Map map(node);
  yaml::Node mac = map.optional("mac");
  if (auto text = mac.text()) {
    one.mac = parse_mac(*text);
    if (!one.mac) mac.complain("no MAC address: six octets, as in 00:e0:fc:12:34:56, are allowed");
  }
  one.serial = map.optional("serial").text().value_or("");
  one.site = map.optional("site").text().value_or("");
  yaml::Node supplier = map.optional("supplier");
  one.supplier = supplier.text().value_or("");
  if (!one.supplier.empty() && suppliers.find(one.supplier) == nullptr)
    supplier.complain(suppliers.unknown(one.supplier));
  yaml::Node list = map.optional("policies");
  for (const yaml::Node& item : list.list()) {
    auto id = item.text();
    if (!id) continue;
    if (policies.find(*id) == nullptr) item.complain(fmt::format("there is no policy \"{}\"", *id));
    one.policies.push_back(*id);
  }
  one.until = map.optional("until").date();
  one.by = map.required("by").text().value_or("");
  one.reason = map.required("reason").text().value_or("");
  map.finish();
  if (!mac && one.serial.empty() && one.site.empty() && !supplier)
    node.complain("names no device: mac, serial, site or supplier is needed");
  return one;
}

bool bears(const Device& device, const std::string& serial) {
  return std::ranges::any_of(device.evidence, [&](const Evidence& one) {
    return one.claim.aspect == Aspect::serial && one.claim.value == serial;
  });
}

}  // namespace

Authorisations Authorisations::load(std::span<const std::filesystem::path> files,
                                    const Policies& policies, const Suppliers& suppliers,
                                    Diagnostics& diagnostics) {
  Authorisations authorisations;
  for (const auto& file : files) {
    yaml::Map root(yaml::load(file, diagnostics));
    for (const yaml::Node& node : root.required("authorisations").list())
      authorisations.all_.push_back(read_one(node, policies, suppliers));
    root.finish();
  }
  return authorisations;
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
