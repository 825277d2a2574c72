// SPDX-License-Identifier: Apache-2.0
// The command line, and the one place where exceptions and unwritable output become exit codes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <iostream>
#include <system_error>

#include "app/cli_operators.hpp"
#include "app/cli_options.hpp"
#include "app/commands.hpp"
#include "app/setup.hpp"
#include "config/options.hpp"
#include "yaml/units.hpp"

namespace tapwarden {

namespace {

const char* const kScanExamples =
    "\nExamples:\n"
    "  tapwarden scan office.pcapng                       a table, flagged devices first\n"
    "  tapwarden scan --format json *.pcap.gz > all.json  one JSON object a line\n"
    "  tcpdump -w - -c 10000 | tapwarden scan -           from standard input\n"
    "  tapwarden scan --policy us-ndaa-889 --fail-on flagged site.pcap   exits 3 when something is "
    "flagged\n";
const char* const kExplainExamples =
    "\nExamples:\n"
    "  tapwarden explain 192.168.10.22 office.pcapng      why this device is what it is said to "
    "be\n"
    "  tapwarden explain 90:02:a9:10:00:22 -c /etc/tapwarden/tapwarden.yaml\n"
    "                                                     the same from the running daemon, or its "
    "last snapshot\n";
const char* const kRunExamples =
    "\nExamples:\n"
    "  tapwarden run -i eth0                              built-in defaults, alerts to standard "
    "output\n"
    "  tapwarden run -i eth1 -i eth2 --alerts /var/log/tapwarden/alerts.json\n"
    "  tapwarden run -c /etc/tapwarden/tapwarden.yaml     as configured; SIGHUP reopens files, "
    "SIGTERM ends\n";
const char* const kCheckExamples =
    "\nExamples:\n"
    "  tapwarden check                                    the rules that ship, with all their "
    "examples\n"
    "  tapwarden check -c tapwarden.yaml                  the configuration and the rules it "
    "names\n"
    "  tapwarden check --print-config > tapwarden.yaml    every option, commented\n";
const char* const kLookupExamples =
    "\nExamples:\n"
    "  tapwarden lookup 00:e0:fc:12:34:56                 a MAC address, or the beginning of one\n"
    "  tapwarden lookup 2011 1.3.6.1.4.1.2011.2.23.95     an enterprise number, an object "
    "identifier\n"
    "  tapwarden lookup 'SSH-2.0-HUAWEI-1.5'              a text as a device says it\n";
const char* const kUpdateExamples =
    "\nExamples:\n"
    "  tapwarden update --ieee oui.csv --ieee mam.csv --ieee oui36.csv --ieee iab.csv\n"
    "  tapwarden update --ieee https://standards-oui.ieee.org/oui/oui.csv ... --enterprise-numbers "
    "enterprise-numbers.txt\n"
    "The IEEE's four files go together: what is not given is not in the new copy.\n";

/// Within the bounds that the configuration has for it.
std::optional<std::chrono::milliseconds> parse_interval(const std::string& text) {
  std::optional<std::chrono::milliseconds> interval = yaml::parse_duration(text);
  for (const config::Section& section : config::sections()) {
    for (const config::Option<config::Settings>& option : section.options) {
      const auto* range = std::get_if<config::Duration>(&option.kind);
      if (section.key != "snapshot" || option.key != "interval" || range == nullptr) continue;
      if (interval && *interval >= range->min && *interval <= range->max) return interval;
    }
  }
  return std::nullopt;
}

CLI::App* add_scan(CLI::App& app, Common& common, ScanOptions& options) {
  CLI::App* scan = app.add_subcommand("scan", "read captures and tell which devices are in them");
  scan->footer(kScanExamples);
  add_common(*scan, common);
  scan->add_option("files", options.files, "pcap or pcapng, also .gz and .zst; - is standard input")
      ->required()
      ->type_name("FILE...");
  add_named(*scan, "-f,--format", options.format,
            {{"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}},
            "how to print: json is one object a line; table without it");
  scan->add_option("-p,--policy", options.policies, "judge by this policy; may be given again")
      ->allow_extra_args(false)
      ->type_name("ID");
  add_named(*scan, "--grade", options.grade,
            {{"possible", Grade::possible},
             {"probable", Grade::probable},
             {"confirmed", Grade::confirmed}},
            "flag from this grade on; probable without it");
  add_day(*scan, "--as-of", options.as_of, "judge by the law of this day; today without it");
  add_named(*scan, "--fail-on", options.fail_on_flagged, {{"flagged", true}},
            "exit 3 when a device is flagged");
  scan->add_flag("--explain", options.explain,
                 "tell at length, for each flagged device, what speaks for and against it");
  scan->add_flag("--separate", options.separate,
                 "take each file for a tap of its own: no device is in two of them");
  return scan;
}

CLI::App* add_explain(CLI::App& app, Common& common, ExplainOptions& options) {
  CLI::App* explain = app.add_subcommand("explain", "tell why a device is what it is said to be");
  explain->footer(kExplainExamples);
  add_common(*explain, common);
  explain->add_option("device", options.device, "MAC address, IP address or id")
      ->required()
      ->type_name("DEVICE");
  explain
      ->add_option("files", options.files,
                   "captures it is in; without any, the running daemon is asked, or its last "
                   "snapshot is read")
      ->type_name("FILE...");
  explain->add_option("--socket", options.socket, "ask the daemon that listens here")
      ->type_name("PATH");
  explain->add_flag("--json", options.as_json, "its record instead, in one line");
  return explain;
}

CLI::App* add_run(CLI::App& app, Common& common, RunOptions& options) {
  CLI::App* run = app.add_subcommand("run", "listen on taps until told to end");
  run->footer(kRunExamples);
  add_common(*run, common);
  run->add_option("-i,--interface", options.interfaces,
                  "listen here, in place of the configured taps; may be given again")
      ->allow_extra_args(false)
      ->type_name("NAME");
  run->add_option("--filter", options.filter, "only frames that this pcap filter takes, with -i")
      ->type_name("BPF");
  run->add_option("--alerts", options.alerts_file, "append alerts to this file, as JSON lines")
      ->type_name("FILE");
  run->add_option("--state", options.state_directory,
                  "keep devices and alerts here, so that a restart forgets nothing")
      ->type_name("DIR");
  run->add_option("--snapshot", options.snapshot_file,
                  "write the whole inventory here, now and then and at the end")
      ->type_name("FILE");
  add_parsed(*run, "--snapshot-interval", options.snapshot_interval, parse_interval,
             "DURATION from 1s to 7d", "how often, such as 30s, 5m or 1h");
  return run;
}

CLI::App* add_update(CLI::App& app, UpdateOptions& options) {
  CLI::App* update =
      app.add_subcommand("update", "take newer copies of the public number registries");
  update->footer(kUpdateExamples);
  update->add_option("--ieee", options.ieee, "the IEEE's CSV, a file or URL; give all four")
      ->allow_extra_args(false)
      ->type_name("FILE|URL");
  update
      ->add_option("--enterprise-numbers", options.enterprise_numbers, "IANA's text, a file or URL")
      ->type_name("FILE|URL");
  update
      ->add_option(
          "--directory", options.directory,
          "directory of rules to write to; one elsewhere must be named under knowledge.directories")
      ->capture_default_str()
      ->type_name("DIR");
  add_day(*update, "--as-of", options.as_of, "the day the copies are of; today without it");
  update->add_flag("--force", options.force, "take copies that look too short as well");
  return update;
}

int run_command(int count, const char* const* arguments) {
  CLI::App app{
      "Tapwarden listens on a network tap, works out who made each device there, and tells when a "
      "supplier that a\n"
      "policy flags is on the network. It never sends a packet on a tap."};
  app.name("tapwarden");
  app.require_subcommand(0, 1);
  app.footer(
      "\ntapwarden COMMAND --help tells the rest, with examples. Exit codes: 0 done, 1 failed, 2 "
      "usage,\n"
      "3 flagged equipment found (only with --fail-on), 78 configuration.");
  bool wants_version = false;
  app.add_flag("-V,--version", wants_version,
               "this program's version and the dates of the data in it");

  Common common;
  ScanOptions scan_options;
  RunOptions run_options;
  ExplainOptions explain_options;
  UpdateOptions update_options;
  CheckOptions check_options;
  std::vector<std::string> values;
  CLI::App* scan_command = add_scan(app, common, scan_options);
  CLI::App* run_command = add_run(app, common, run_options);
  CLI::App* explain_command = add_explain(app, common, explain_options);
  CLI::App* check_command = app.add_subcommand(
      "check", "check the configuration and all rules, and tell every error at once");
  check_command->footer(kCheckExamples);
  add_common(*check_command, common);
  check_command->add_flag("--print-config", check_options.print_configuration,
                          "print a configuration file with every option and its default");
  check_command->add_flag("--print-schema", check_options.print_schema,
                          "print the JSON Schema of the configuration file");
  CLI::App* lookup_command =
      app.add_subcommand("lookup", "what is known of an address, a number or a text");
  lookup_command->footer(kLookupExamples);
  add_common(*lookup_command, common);
  lookup_command
      ->add_option("values", values, "MAC, prefix, enterprise number, object identifier or banner")
      ->required()
      ->type_name("VALUE...");
  CLI::App* protocols_command =
      app.add_subcommand("protocols", "the table of protocols that are read");
  bool as_markdown = false;
  protocols_command->add_flag("--markdown", as_markdown, "as a table for a document");
  protocols_command->footer("\nExample:\n  tapwarden protocols | less\n");
  CLI::App* update_command = add_update(app, update_options);
  OperatorCommands operators(app, common);

  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    int code = app.exit(error);
    return code == 0 ? kDone : kUsage;
  }
  try {
    if (wants_version) return std::cout << version(common), kDone;
    if (scan_command->parsed()) return scan(common, scan_options);
    if (run_command->parsed()) return run(common, run_options);
    if (explain_command->parsed()) return explain(common, explain_options);
    if (check_command->parsed()) return check(common, check_options);
    if (lookup_command->parsed()) return lookup(common, values);
    if (protocols_command->parsed()) return protocols(as_markdown);
    if (update_command->parsed()) return update(update_options);
    if (auto code = operators()) return *code;
    std::cout << app.help();
    return kDone;
  } catch (const std::ios_base::failure&) {
    throw;
  } catch (const UsageError& error) {
    std::cerr << "tapwarden: " << error.what() << '\n';
    return kUsage;
  } catch (const Misconfigured& error) {
    std::cerr << error.what() << '\n';
    return kConfiguration;
  } catch (const std::exception& error) {
    std::cerr << "tapwarden: " << error.what() << '\n';
    return kFailed;
  }
}

}  // namespace

/// Nothing is done whose result has not arrived: the first write that fails ends the command.
int main_of(int count, const char* const* arguments) {
  std::cout.exceptions(std::ios_base::badbit);
  try {
    int code = run_command(count, arguments);
    std::cout.flush();
    return code;
  } catch (const std::ios_base::failure&) {
    std::string why = std::generic_category().message(errno);
    std::cout.exceptions(std::ios_base::goodbit);
    std::cerr << fmt::format("tapwarden: standard output: {}\n", why);
    return kFailed;
  }
}

}  // namespace tapwarden
