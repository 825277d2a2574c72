// SPDX-License-Identifier: Apache-2.0
// tapwarden check: everything an operator can write, and every fingerprint against its own
// examples.
#include <fmt/format.h>

#include <iostream>

#include "app/commands.hpp"
#include "app/setup.hpp"
#include "config/commented.hpp"
#include "config/schema.hpp"
#include "report/dates.hpp"

namespace tapwarden {

int check(const Common& common, const CheckOptions& options) {
  if (options.print_configuration) return std::cout << config::commented_yaml(), kDone;
  if (options.print_schema) return std::cout << config::json_schema(), kDone;
  Setup setup;
  Diagnostics diagnostics, notes;
  Recog::Trial trial = verify(common, setup, diagnostics, notes);
  for (const Diagnostic& one : notes.all()) std::cerr << "note: " << one.text() << '\n';
  for (const Diagnostic& one : diagnostics.all()) std::cerr << one.text() << '\n';
  if (!diagnostics.empty()) {
    std::cerr << fmt::format("{} {}\n", diagnostics.all().size(),
                             diagnostics.all().size() == 1 ? "error" : "errors");
    return kConfiguration;
  }
  const Knowledge& knowledge = setup.rules.knowledge;
  size_t examples = 0;
  for (const Fingerprint& row : knowledge.fingerprints.all()) {
    examples += row.examples.size() + row.counterexamples.size();
  }
  if (!common.configuration.empty()) std::cout << fmt::format("ok  {}\n", common.configuration);
  std::cout << fmt::format(
      "ok  {} suppliers, {} policies, {} fingerprints with {} examples\n"
      "ok  {} address blocks as of {}, {} enterprise numbers as of {}\n",
      knowledge.suppliers.all().size(), setup.rules.policies.all().size(),
      knowledge.fingerprints.size(), examples, knowledge.registry.size(),
      date_text(knowledge.registry.as_of()), knowledge.enterprise_numbers.size(),
      date_text(knowledge.enterprise_numbers.as_of()));
  if (!setup.settings.alerts.authorisations.empty()) {
    std::cout << fmt::format("ok  {} authorisations, {} of them over\n",
                             setup.authorisations.all().size(), setup.authorisations.over(today()));
  }
  if (Recog::Counts counts = knowledge.recog.counts(); counts.files > 0) {
    std::cout << fmt::format(
        "ok  Recog: {} fingerprints of {} files with {} examples; beside them {} left out for "
        "their patterns, {} over texts that are not read; {} match nothing as it is read here\n",
        counts.rows, counts.files, trial.examples, counts.left_out, counts.unread,
        trial.out_of_reach);
  }
  return kDone;
}

}  // namespace tapwarden
