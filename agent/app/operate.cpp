// SPDX-License-Identifier: Apache-2.0
// tapwarden alerts, inventory, status and reload: what operators ask of the running daemon, and how
// its answers are shown.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "app/client.hpp"
#include "app/commands.hpp"
#include "report/dates.hpp"
#include "report/reading.hpp"
#include "report/views.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

bool wants_colour() { return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr; }

/// Asks for a list and prints it in the form that was asked for.
struct List {
  Row heading;
  Row (*row)(const json::object&);
  Row csv_heading;
  Row (*csv)(const json::object&);
};
int print_list(const std::filesystem::path& socket, const json::object& request, const List& list,
               Format format) {
  std::vector<Row> rows{list.heading};
  std::string heading = format == Format::csv ? csv_line(list.csv_heading) : "";
  ask(socket, request, [&](const json::object& record) {
    if (format == Format::json)
      std::cout << json::serialize(record) << '\n';
    else if (format == Format::csv)
      std::cout << std::exchange(heading, {}) << csv_line(list.csv(record));
    else
      rows.push_back(list.row(record));
  });
  std::cout << heading;  // with nothing below it, where nothing was refused
  if (format == Format::table) {
    if (rows.size() > 1)
      std::cout << columns(rows, wants_colour());
    else if (isatty(STDERR_FILENO) != 0)
      std::cerr << "there is none\n";
  }
  return kDone;
}

}  // namespace

int list_alerts(const Common& common, const OperatorOptions& options,
                const AlertListOptions& filter) {
  json::object request{
      {"command", "alerts"}, {"policy", filter.policy}, {"supplier", filter.supplier}};
  if (filter.state) request["state"] = to_string(*filter.state);
  if (filter.severity) request["severity"] = to_string(*filter.severity);
  if (filter.since) request["since"] = date_text(*filter.since);
  return print_list(find_socket(common, options.socket), request,
                    {alert_heading(), alert_row, alert_csv_heading(), alert_csv},
                    options.format.value_or(Format::table));
}

int list_inventory(const Common& common, const OperatorOptions& options,
                   const InventoryOptions& filter) {
  json::object request{
      {"command", "inventory"}, {"supplier", filter.supplier}, {"flagged", filter.flagged}};
  return print_list(find_socket(common, options.socket), request,
                    {device_heading(), device_row, device_csv_heading(), device_csv},
                    options.format.value_or(Format::table));
}

int show_alert(const Common& common, const OperatorOptions& options, const std::string& alert) {
  json::object request{{"command", "alert"}, {"alert", alert}};
  ask(find_socket(common, options.socket), request, [&](const json::object& record) {
    if (options.format == Format::json)
      std::cout << json::serialize(record) << '\n';
    else
      std::cout << alert_text(record, wants_colour());
  });
  return kDone;
}

int act_on_alerts(const Common& common, const OperatorOptions& options,
                  const AlertActionOptions& action) {
  constexpr const char* names[] = {"acknowledge", "authorise", "suppress", "reopen"};
  json::array alerts;
  for (const std::string& id : action.alerts) alerts.emplace_back(id);
  json::object request{{"command", "act"},
                       {"action", names[static_cast<size_t>(action.kind)]},
                       {"alerts", std::move(alerts)},
                       {"reason", action.reason},
                       {"by", options.by}};
  if (action.until) request["until"] = date_text(*action.until);
  json::object answer =
      ask(find_socket(common, options.socket), request, [](const json::object& record) {
        std::string id = text_of(record, "id"), error = text_of(record, "error");
        if (error.empty())
          std::cout << fmt::format("{}  {}\n", id, text_of(record, "state"));
        else
          std::cerr << fmt::format("tapwarden: {}: {}\n", id, error);
      });
  std::string warning = text_of(answer, "warning");
  if (!warning.empty()) std::cerr << fmt::format("tapwarden: {}\n", warning);
  return kDone;
}

int show_status(const Common& common, const OperatorOptions& options) {
  ask(find_socket(common, options.socket), {{"command", "status"}},
      [&](const json::object& record) {
        if (options.format == Format::json)
          std::cout << json::serialize(record) << '\n';
        else
          std::cout << status_text(record, wants_colour());
      });
  return kDone;
}

int reload(const Common& common, const OperatorOptions& options) {
  size_t errors = 0;
  try {
    json::object answer = ask(find_socket(common, options.socket), {{"command", "reload"}},
                              [&](const json::object& record) {
                                ++errors;
                                std::cerr << text_of(record, "text") << '\n';
                              });
    std::cout << fmt::format("ok  {} suppliers, {} policies, {} fingerprints, {} authorisations\n",
                             number_of(answer, "suppliers"), number_of(answer, "policies"),
                             number_of(answer, "fingerprints"),
                             number_of(answer, "authorisations"));
    return kDone;
  } catch (const Refused& refused) {
    std::cerr << (errors == 0 ? "tapwarden: " : "") << refused.what() << '\n';
    return errors == 0 ? kFailed : kConfiguration;
  }
}

}  // namespace tapwarden
