// SPDX-License-Identifier: Apache-2.0
// tapwarden lookup, protocols and --version: what Tapwarden knows, without a network.
#include "identify/lookup.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <set>

#include "app/commands.hpp"
#include "app/setup.hpp"
#include "report/dates.hpp"

namespace tapwarden {

namespace {

void print_policies(const Policies& policies, const std::string& supplier) {
  for (const Hit& hit : policies.hits(supplier, {}, today())) {
    std::cout << fmt::format("  policy       {} ({}): {}\n", hit.policy->id,
                             to_string(hit.entry->severity), hit.entry->scope);
  }
}

}  // namespace

int lookup(const Common& common, const std::vector<std::string>& values) {
  Setup setup = set_up(common);
  bool all_known = true;
  for (const std::string& value : values) {
    BoundedText<Observation::text_max> shown;
    shown.assign_clean(value);
    std::cout << shown.view() << '\n';
    std::vector<Finding> findings = look_up(setup.rules.knowledge, value);
    if (findings.empty()) std::cout << "  nothing is known of it\n";
    all_known = all_known && !findings.empty();
    std::set<std::string> suppliers;
    for (const Finding& finding : findings) {
      std::string rule = finding.rule.empty() ? "" : "  " + finding.rule;
      std::cout << fmt::format("  {:<12} {}{}\n", finding.kind, finding.text, rule);
      if (!finding.supplier.empty()) suppliers.insert(finding.supplier);
    }
    for (const std::string& supplier : suppliers) print_policies(setup.rules.policies, supplier);
  }
  return all_known ? kDone : kFailed;
}

int protocols(bool as_markdown) {
  const char* head = as_markdown ? "| name | protocol | standard or source | reached by | fields "
                                   "read |\n|---|---|---|---|---|\n"
                                 : "";
  const char* line = as_markdown ? "| `{}` | {} | {} | {} | {} |\n"
                                 : "{}  {}\n  standard    {}\n  reached by  {}\n  reads       {}\n";
  std::cout << head;
  for (const ProtocolRow& row : protocol_table().subspan(1)) {
    std::vector<std::string> routes;
    for (const Route& route : row.routes) routes.push_back(describe(route));
    std::vector<std::string_view> fields;
    for (Field field : row.fields) fields.push_back(to_string(field));
    std::cout << fmt::format(fmt::runtime(line), row.name, row.title, row.standard,
                             fmt::join(routes, ", "), fmt::join(fields, " "));
  }
  return kDone;
}

std::string version(const Common& common) {
  Diagnostics diagnostics;
  Rules rules = Rules::load(rule_places(common.rules, {}), diagnostics);
  std::string text = fmt::format("tapwarden {}\n", TAPWARDEN_VERSION);
  text += fmt::format("IEEE registry as of {} ({} blocks)\n",
                      date_text(rules.knowledge.registry.as_of()), rules.knowledge.registry.size());
  text += fmt::format("enterprise numbers as of {} ({})\n",
                      date_text(rules.knowledge.enterprise_numbers.as_of()),
                      rules.knowledge.enterprise_numbers.size());
  for (const Policy& policy : rules.policies.all())
    text += fmt::format("policy {} as of {}\n", policy.id, date_text(policy.as_of));
  return text;
}

}  // namespace tapwarden
