// SPDX-License-Identifier: Apache-2.0
#include "report/views.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "report/reading.hpp"
#include "report/table.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

constexpr size_t kCellMax = 44;
constexpr size_t kLabelWidth = 14;  // columns

/// Characters, not octets.
size_t width(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string shortened(std::string_view text) {
  if (width(text) <= kCellMax) return std::string(text);
  std::string cut;
  size_t used = 0;
  for (char c : text) {
    if ((c & 0xc0) != 0x80 && ++used == kCellMax) break;
    cut += c;
  }
  return cut + "…";
}

std::string paint(std::string_view code, std::string_view text, bool colour) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string in(const json::object& object, std::string_view part, std::string_view key) {
  const json::object* inner = object_of(object, part);
  return inner == nullptr ? std::string() : text_of(*inner, key);
}

std::string joined(const json::object& object, std::string_view key) {
  return fmt::format("{}", fmt::join(texts_of(object, key), " "));
}

const json::object& device_of(const json::object& alert) {
  static const json::object none;
  const json::object* device = object_of(alert, "device");
  return device == nullptr ? none : *device;
}

/// The one address that it is best known by, and how many more there are.
std::string first(const json::object& object, std::string_view key) {
  std::vector<std::string> all = texts_of(object, key);
  if (all.empty()) return "-";
  return all.size() == 1 ? all[0] : fmt::format("{} +{}", all[0], all.size() - 1);
}

std::string what(const json::object& device) {
  std::string text;
  for (const char* key : {"brand", "model", "software"}) {
    std::string part = text_of(device, key);
    if (!part.empty() && text.find(part) == std::string::npos)
      text += (text.empty() ? "" : " ") + part;
  }
  std::vector<std::string> names = texts_of(device, "names");
  if (!names.empty()) text += fmt::format("{}\"{}\"", text.empty() ? "" : " ", names[0]);
  return text;
}

/// To the second: nobody reads more of it in a table.
std::string moment(const json::object& object, std::string_view key) {
  std::string text = text_of(object, key);
  return text.size() > 19 ? text.substr(0, 19) + "Z" : text;
}

std::string count(const json::object& object, std::string_view key) {
  return fmt::format("{}", number_of(object, key));
}

}  // namespace

// --- tables --------------------------------------------------------------------------------------

Row alert_heading() {
  return {"ID", "SEVERITY", "STATE", "SUPPLIER", "POLICY", "MAC", "IP", "WHAT IT SAYS", "CHANGED"};
}

Row alert_row(const json::object& alert) {
  const json::object& device = device_of(alert);
  return {text_of(alert, "id"),      text_of(alert, "severity"),
          text_of(alert, "state"),   in(alert, "policy", "entry"),
          in(alert, "policy", "id"), first(device, "macs"),
          first(device, "ips"),      what(device),
          moment(alert, "changed")};
}

Row device_heading() { return {"ID", "FLAGGED", "MAC", "IP", "ROLE", "MAKER", "WHAT IT SAYS"}; }

Row device_row(const json::object& device) {
  std::string supplier = in(device, "verdict", "supplier");
  std::string maker = supplier.empty()
                          ? text_of(device, "registrant")
                          : fmt::format("{} ({})", supplier, in(device, "verdict", "grade"));
  bool is_flagged = !objects_of(device, "findings").empty();
  return {text_of(device, "id"), is_flagged ? "flagged" : "", first(device, "macs"),
          first(device, "ips"),  text_of(device, "role"),     maker,
          what(device)};
}

std::string columns(const std::vector<Row>& rows, bool colour) {
  std::vector<size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width(shortened(row[i])));
  }
  std::string out;
  for (size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (size_t i = 0; i < rows[r].size(); ++i) {
      std::string cell = shortened(rows[r][i]);
      line += (i == 0 ? "" : "  ") + cell + std::string(widths[i] - width(cell), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += (r == 0 ? paint("1", line, colour) : line) + '\n';
  }
  return out;
}

// --- CSV -----------------------------------------------------------------------------------------

std::string csv_line(const Row& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + csv_cell(cell);
  return line + "\r\n";
}

Row alert_csv_heading() {
  return {"id",     "state", "severity", "policy", "supplier",     "scope",  "aspect", "grade",
          "device", "macs",  "ips",      "names",  "brand",        "model",  "serial", "places",
          "at",     "actor", "reason",   "until",  "first_raised", "changed"};
}

Row alert_csv(const json::object& alert) {
  const json::object& device = device_of(alert);
  return {
      text_of(alert, "id"),           text_of(alert, "state"),
      text_of(alert, "severity"),     in(alert, "policy", "id"),
      in(alert, "policy", "entry"),   in(alert, "policy", "scope"),
      text_of(alert, "aspect"),       text_of(alert, "grade"),
      text_of(device, "id"),          joined(device, "macs"),
      joined(device, "ips"),          joined(device, "names"),
      text_of(device, "brand"),       text_of(device, "model"),
      text_of(device, "serial"),      fmt::format("{}", fmt::join(texts_of(alert, "places"), "; ")),
      text_of(alert, "at"),           text_of(alert, "actor"),
      text_of(alert, "reason"),       text_of(alert, "until"),
      text_of(alert, "first_raised"), text_of(alert, "changed")};
}

Row device_csv_heading() {
  return {"id",       "tap",        "vlans",     "role",   "macs",      "ips",
          "names",    "registrant", "supplier",  "grade",  "certainty", "brand",
          "model",    "software",   "serial",    "switch", "port",      "flagged",
          "policies", "first_seen", "last_seen", "packets"};
}

Row device_csv(const json::object& device) {
  static const json::object none;
  const json::object* context = object_of(device, "context");
  const json::object* verdict = object_of(device, "verdict");
  const json::object& where = context == nullptr ? none : *context;
  return {text_of(device, "id"),
          text_of(where, "tap"),
          joined(where, "vlans"),
          text_of(device, "role"),
          joined(device, "macs"),
          joined(device, "ips"),
          joined(device, "names"),
          text_of(device, "registrant"),
          in(device, "verdict", "supplier"),
          in(device, "verdict", "grade"),
          verdict == nullptr ? "" : fmt::format("{:.3f}", number_of(*verdict, "certainty")),
          text_of(device, "brand"),
          text_of(device, "model"),
          text_of(device, "software"),
          text_of(device, "serial"),
          in(device, "location", "switch"),
          in(device, "location", "port"),
          objects_of(device, "findings").empty() ? "no" : "yes",
          joined(device, "policies"),
          text_of(device, "first_seen"),
          text_of(device, "last_seen"),
          count(device, "packets")};
}

// --- one alert, and the daemon -------------------------------------------------------------------

namespace {

void add(std::string& out, std::string_view label, std::string_view text) {
  if (!text.empty()) out += fmt::format("  {:<{}}{}\n", label, kLabelWidth, text);
}

std::string event_line(const json::object& event) {
  std::string line = fmt::format("{}  {}", text_of(event, "time"), text_of(event, "event"));
  std::string state = text_of(event, "state");
  if (state != text_of(event, "event")) line += fmt::format(" ({})", state);
  std::string actor = text_of(event, "actor"), reason = text_of(event, "reason"),
              until = text_of(event, "until");
  if (!actor.empty()) line += " by " + actor;
  if (!until.empty()) line += " until " + until;
  std::vector<std::string> words = texts_of(event, "changes");
  if (!reason.empty()) words.insert(words.begin(), reason);
  if (!words.empty()) line += fmt::format(": {}", fmt::join(words, "; "));
  return line;
}

}  // namespace

std::string alert_text(const json::object& alert, bool colour) {
  const json::object& device = device_of(alert);
  std::string out = fmt::format("{}  {} {}  {}\n", paint("1", text_of(alert, "id"), colour),
                                paint("1;31", in(alert, "policy", "entry"), colour),
                                text_of(alert, "severity"), text_of(alert, "state"));
  add(out, "policy",
      fmt::format("{} ({}): {}", in(alert, "policy", "id"), in(alert, "policy", "title"),
                  in(alert, "policy", "scope")));
  add(out, "source", in(alert, "policy", "source"));
  add(out, "met by", fmt::format("{}, {}", text_of(alert, "aspect"), text_of(alert, "grade")));
  const json::value* standing = alert.if_contains("standing");
  if (standing != nullptr && *standing == false)
    add(out, "", "what is known of the device no longer meets it");
  std::string known = text_of(device, "id");
  for (const char* key : {"macs", "ips"}) {
    if (std::string part = joined(device, key); !part.empty()) known += "  " + part;
  }
  add(out, "device", known);
  add(out, "says", what(device));
  add(out, "seen on", fmt::format("{}", fmt::join(texts_of(alert, "places"), "; ")));
  add(out, "at", text_of(alert, "at"));
  add(out, "last seen", text_of(device, "last_seen"));
  std::string actor = text_of(alert, "actor"), until = text_of(alert, "until"),
              reason = text_of(alert, "reason");
  if (!actor.empty()) {
    add(out, text_of(alert, "state"),
        fmt::format("by {}{}{}", actor, until.empty() ? "" : " until " + until,
                    reason.empty() ? "" : ": " + reason));
  }
  out += "timeline\n";
  std::vector<const json::object*> events = objects_of(alert, "timeline");
  double omitted = number_of(alert, "events") - static_cast<double>(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    out += "  " + event_line(*events[i]) + '\n';
    if (i == 0 && omitted > 0) {
      out += fmt::format("  ... {} more, which are not kept: the first and the last {} are\n",
                         omitted, events.size() - 1);
    }
  }
  out += "evidence\n";
  for (const json::object* claim : objects_of(alert, "evidence")) {
    out += fmt::format("  {:.2f} {} {}.{} \"{}\"  frame {}  {}\n", number_of(*claim, "certainty"),
                       text_of(*claim, "aspect"), text_of(*claim, "protocol"),
                       text_of(*claim, "field"), text_of(*claim, "text"), count(*claim, "frame"),
                       paint("2", text_of(*claim, "rule"), colour));
  }
  return out;
}

namespace {

/// What waits, and what became of the rest, where an output tells.
std::string backlog_text(const json::object& output) {
  if (!output.contains("waiting")) return {};
  std::string text;
  if (output.contains("delivered"))
    text = fmt::format("; {} delivered", count(output, "delivered"));
  text += fmt::format("{} {} wait", text.empty() ? ";" : ",", count(output, "waiting"));
  if (number_of(output, "waiting") != 0)
    text += fmt::format(", the oldest for {:.0f} s", number_of(output, "lag_seconds"));
  if (number_of(output, "set_aside") != 0)
    text += fmt::format("; {} set aside", count(output, "set_aside"));
  if (number_of(output, "failures") != 0)
    text += fmt::format("; {} writes refused by the disk", count(output, "failures"));
  double lost = 0;
  for (const char* key : {"lost", "dropped_devices", "dropped_alerts", "damaged"})
    lost += number_of(output, key);
  return lost == 0 ? text : text + fmt::format("; {} lost", lost);
}

}  // namespace

std::string status_text(const json::object& status, bool colour) {
  std::string out =
      fmt::format("{}  {}, process {}\n", paint("1", in(status, "sensor", "name"), colour),
                  in(status, "sensor", "version"), count(status, "pid"));
  add(out, "since",
      fmt::format("{}, {} s", text_of(status, "started"), count(status, "uptime_seconds")));
  for (const json::object* tap : objects_of(status, "taps")) {
    std::string name = text_of(*tap, "name"), interface = text_of(*tap, "interface");
    add(out, "tap",
        fmt::format("{}: {} packets received, {} dropped; {} read; {} observations dropped",
                    name == interface ? name : fmt::format("{} ({})", name, interface),
                    count(*tap, "received"), count(*tap, "dropped"), count(*tap, "packets"),
                    count(*tap, "observations_dropped")));
  }
  add(out, "devices",
      fmt::format("{}, {} flagged", count(status, "devices"), count(status, "flagged")));
  std::string states;
  if (const json::object* alerts = object_of(status, "alerts")) {
    for (const auto& [name, value] : *alerts) {
      if (number_of(*alerts, name) != 0)
        states +=
            fmt::format("{}{} {}", states.empty() ? "" : ", ", count(*alerts, name), cleaned(name));
    }
  }
  add(out, "alerts", states.empty() ? "none" : states);
  std::string error = in(status, "state", "error");
  add(out, "state",
      fmt::format(
          "{}{}{}", in(status, "state", "status"),
          in(status, "state", "directory").empty() ? "" : ", " + in(status, "state", "directory"),
          error.empty() ? "" : ": " + error));
  std::string turned_away;
  if (const json::object* bounds = object_of(status, "bounds")) {
    for (const auto& [name, value] : *bounds) {
      if (number_of(*bounds, name) == 0) continue;
      std::string what = cleaned(name);
      std::ranges::replace(what, '_', ' ');
      turned_away +=
          fmt::format("{}{} {}", turned_away.empty() ? "" : ", ", count(*bounds, name), what);
    }
  }
  if (!turned_away.empty()) add(out, "bounds", turned_away);
  if (const json::object* control = object_of(status, "control")) {
    add(out, "control",
        fmt::format("{} clients so far, {} refused; {} requests too long, {} too slow",
                    count(*control, "clients"), count(*control, "refused"),
                    count(*control, "too_long"), count(*control, "too_slow")));
  }
  for (const json::object* output : objects_of(status, "outputs")) {
    std::string trouble = text_of(*output, "error");
    add(out, "output",
        fmt::format("{} {}: {}{}{}", text_of(*output, "type"), text_of(*output, "name"),
                    text_of(*output, "status"), trouble.empty() ? "" : ", " + trouble,
                    backlog_text(*output)));
  }
  return out;
}

}  // namespace tapwarden
