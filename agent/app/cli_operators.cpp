// SPDX-License-Identifier: Apache-2.0
#include "app/cli_operators.hpp"

#include "app/cli_options.hpp"

namespace tapwarden {

namespace {

const char* const kAlertsExamples =
    "\nExamples:\n"
    "  tapwarden alerts list --state new --severity critical\n"
    "  tapwarden alerts show 1f2e                         with its timeline and evidence\n"
    "  tapwarden alerts ack 1f2e 77ab --reason 'ticket 4711'\n"
    "  tapwarden alerts authorise 1f2e --until 2027-03-31 --reason 'being replaced, ticket 4711'\n"
    "An id may be cut short as long as it is clear which alert is meant.\n";
const char* const kAlertsCommands = "list show ack authorise suppress reopen";
const char* const kListExamples =
    "\nExamples:\n"
    "  tapwarden alerts list                              all, the most severe first\n"
    "  tapwarden alerts list --supplier huawei --since 2026-11-01\n"
    "  tapwarden alerts list --state reopened --format json | jq -r .id\n"
    "  tapwarden alerts list --format csv > alerts.csv    for a spreadsheet\n";
const char* const kShowExamples =
    "\nExamples:\n"
    "  tapwarden alerts show 1f2e0c4b5a697887\n"
    "  tapwarden alerts show 1f2e --format json -c /etc/tapwarden/tapwarden.yaml\n";
const char* const kAckExamples =
    "\nExample:\n"
    "  tapwarden alerts ack 1f2e 77ab --reason 'ticket 4711'\n";
const char* const kAuthoriseExamples =
    "\nExample:\n"
    "  tapwarden alerts authorise 1f2e --until 2027-03-31 --reason 'being replaced, ticket 4711'\n"
    "Nothing more is told of it until the end of that day (UTC); then the alert is reopened.\n";
const char* const kSuppressExamples =
    "\nExample:\n"
    "  tapwarden alerts suppress 1f2e --reason 'in the museum' --by ada\n"
    "Nothing more is told of it until somebody reopens it.\n";
const char* const kReopenExamples =
    "\nExample:\n"
    "  tapwarden alerts reopen 1f2e 77ab\n";
const char* const kInventoryExamples =
    "\nExamples:\n"
    "  tapwarden inventory                                flagged devices first\n"
    "  tapwarden inventory --supplier hikvision --format csv > hikvision.csv\n"
    "  tapwarden inventory --flagged --format json        one device a line, with all evidence\n";
const char* const kStatusExamples =
    "\nExamples:\n"
    "  tapwarden status\n"
    "  tapwarden status --format json --socket /run/tapwarden/control.sock\n";
const char* const kReloadExamples =
    "\nExample:\n"
    "  tapwarden reload -c /etc/tapwarden/tapwarden.yaml\n"
    "Rules, policies and authorisations are read anew, and of the configuration what says which of "
    "them hold:\n"
    "policies, knowledge, alerts.grade and alerts.authorisations. If anything in them is wrong it "
    "is told as\n"
    "`tapwarden check` tells it, the exit code is 78 and all stays as it was. What devices have "
    "said before is\n"
    "judged by the new policies; the new fingerprints read what they say from then on.\n";

/// The words of an enum, each with its value.
template <typename Value, typename Names>
std::map<std::string, Value> words(const Names& names) {
  std::map<std::string, Value> all;
  size_t place = 0;
  for (std::string_view name : names) all.emplace(name, Value(place++));
  return all;
}

}  // namespace

OperatorCommands::OperatorCommands(CLI::App& app, Common& common) : common_(common) {
  add_alerts(app);

  CLI::App* inventory =
      app.add_subcommand("inventory", "the devices that the running daemon knows");
  inventory->footer(kInventoryExamples);
  add_where(*inventory);
  add_format(*inventory);
  inventory->add_option("--supplier", device_filter_.supplier, "only what this supplier has made")
      ->type_name("ID");
  inventory->add_flag("--flagged", device_filter_.flagged, "only what a policy flags");
  on(inventory, [this] { return list_inventory(common_, options_, device_filter_); });

  CLI::App* status = app.add_subcommand("status", "how the running daemon fares");
  status->footer(kStatusExamples);
  add_where(*status);
  add_named(*status, "-f,--format", options_.format,
            {{"table", Format::table}, {"json", Format::json}}, "how to print; table without it");
  on(status, [this] { return show_status(common_, options_); });

  CLI::App* again =
      app.add_subcommand("reload", "have the running daemon read rules and policies anew");
  again->footer(kReloadExamples);
  add_where(*again);
  on(again, [this] { return reload(common_, options_); });
}

void OperatorCommands::add_alerts(CLI::App& app) {
  CLI::App* alerts =
      app.add_subcommand("alerts", "list the running daemon's alerts, and act on them");
  alerts->footer(kAlertsExamples);
  alerts->require_subcommand(1);
  app.failure_message([alerts](const CLI::App* all, const CLI::Error& error) {
    if (!alerts->parsed() || !alerts->get_subcommands().empty())
      return CLI::FailureMessage::simple(all, error);
    return std::string("alerts: one of its commands is needed: ") + kAlertsCommands + '\n';
  });

  CLI::App* list = alerts->add_subcommand("list", "all, or those that the options name");
  list->footer(kListExamples);
  add_where(*list);
  add_format(*list);
  add_named(*list, "--state", alert_filter_.state, words<AlertState>(alert_states),
            "only those that are so");
  add_named(*list, "--severity", alert_filter_.severity, words<Severity>(severity_names),
            "only those of this severity");
  list->add_option("--policy", alert_filter_.policy, "only those of this policy")->type_name("ID");
  list->add_option("--supplier", alert_filter_.supplier, "only those about this supplier")
      ->type_name("ID");
  add_day(*list, "--since", alert_filter_.since,
          "only those that something happened to since that day");
  on(list, [this] { return list_alerts(common_, options_, alert_filter_); });

  CLI::App* show = alerts->add_subcommand("show", "one alert with its timeline and evidence");
  show->footer(kShowExamples);
  add_where(*show);
  show->add_option("alert", alert_, "its id")->required()->type_name("ID");
  add_named(*show, "-f,--format", options_.format,
            {{"table", Format::table}, {"json", Format::json}},
            "how to print: for people without it");
  on(show, [this] { return show_alert(common_, options_, alert_); });

  using Kind = Action::Kind;
  add_action(*alerts, "ack", Kind::acknowledge, "take it on", kAckExamples);
  add_action(*alerts, "authorise", Kind::authorise, "the device may be there, until a day",
             kAuthoriseExamples);
  alerts->get_subcommand("authorise")->alias("authorize");
  add_action(*alerts, "suppress", Kind::suppress, "tell no more of it", kSuppressExamples);
  add_action(*alerts, "reopen", Kind::reopen, "take that back", kReopenExamples);
}

void OperatorCommands::add_action(CLI::App& alerts, const char* name, Action::Kind kind,
                                  const char* help, const char* examples) {
  CLI::App* command = alerts.add_subcommand(name, help);
  command->footer(examples);
  add_where(*command);
  command->add_option("alerts", action_.alerts, "their ids")->required()->type_name("ID...");
  CLI::Option* reason =
      command->add_option("--reason", action_.reason, "why, for the timeline")->type_name("TEXT");
  reason->required(kind == Action::Kind::authorise || kind == Action::Kind::suppress);
  command
      ->add_option("--by", options_.by, "for whom you act; your own name is recorded in any case")
      ->type_name("NAME");
  if (kind == Action::Kind::authorise) {
    add_day(*command, "--until", action_.until, "the last day on which it may be there");
    command->get_option("--until")->required();
  }
  on(command, [this, kind] {
    AlertActionOptions action = action_;
    action.kind = kind;
    return act_on_alerts(common_, options_, action);
  });
}

void OperatorCommands::add_where(CLI::App& command) {
  command
      .add_option("-c,--config", common_.configuration,
                  "the daemon's configuration, which says where its socket is")
      ->type_name("FILE");
  command
      .add_option("--socket", options_.socket,
                  "the daemon's socket; /var/lib/tapwarden/control.sock without it and -c")
      ->type_name("PATH");
}

void OperatorCommands::add_format(CLI::App& command) {
  add_named(command, "-f,--format", options_.format,
            {{"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}},
            "how to print: json is one object a line; table without it");
}

std::optional<int> OperatorCommands::operator()() const {
  for (const auto& [command, run] : commands_) {
    if (command->parsed()) return run();
  }
  return std::nullopt;
}

}  // namespace tapwarden
