// SPDX-License-Identifier: Apache-2.0
#include "app/cli_options.hpp"

#include "yaml/units.hpp"

namespace tapwarden {

void add_day(CLI::App& app, const std::string& names, std::optional<Date>& target,
             const std::string& help) {
  app.add_option_function<std::string>(
         names,
         [&target, names](const std::string& text) {
           target = yaml::parse_date(text);
           if (!target) throw CLI::ValidationError(names, yaml::date_error(text));
         },
         help)
      ->type_name("YYYY-MM-DD");
}

void add_common(CLI::App& app, Common& common) {
  app.add_option("-c,--config", common.configuration,
                 "configuration file; built-in defaults without one")
      ->type_name("FILE");
  app.add_option("--rules", common.rules,
                 "directory of the rules to use in place of those that ship")
      ->type_name("DIR");
  app.add_option("--knowledge", common.knowledge,
                 "further directory of rules of your own; may be given again")
      ->allow_extra_args(false)
      ->type_name("DIR");
  app.add_option("--recog", common.recog, "directory of fingerprints in the form of rapid7's Recog")
      ->type_name("DIR");
}

}  // namespace tapwarden
