// SPDX-License-Identifier: Apache-2.0
#include "app/rules.hpp"

namespace tapwarden {

namespace fs = std::filesystem;

RulePlaces rule_places(fs::path shipped, std::vector<fs::path> operators) {
  std::error_code none;
  if (shipped.empty()) {
    fs::path program = fs::read_symlink("/proc/self/exe", none).parent_path();
    for (const char* place : {"../share/tapwarden/rules", "../../rules", "../../../rules"}) {
      shipped = (program / place).lexically_normal();
      if (fs::is_directory(shipped / "suppliers", none)) break;
    }
  }
  if (fs::is_directory(state_rules, none)) operators.insert(operators.begin(), state_rules);
  return {std::move(shipped), std::move(operators), {}};
}

Rules Rules::load(const RulePlaces& places, Diagnostics& diagnostics) {
  Rules rules;
  rules.knowledge = Knowledge::load(places.shipped, places.operators, diagnostics, places.recog);
  std::vector<fs::path> directories{places.shipped / "policies"};
  for (const fs::path& directory : places.operators) {
    std::error_code none;
    if (fs::is_directory(directory / "policies", none))
      directories.push_back(directory / "policies");
  }
  rules.policies = Policies::load(directories, rules.knowledge.suppliers, diagnostics);
  return rules;
}

}  // namespace tapwarden
