// SPDX-License-Identifier: Apache-2.0
#include "report/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "report/order.hpp"

namespace tapwarden {

namespace {

constexpr size_t kEvidenceMax = 8;  // lines for a flagged device; the rest is in the JSON
constexpr size_t kCellMax = 44;

struct Paint {
  bool on;
  std::string operator()(std::string_view code, std::string_view text) const {
    return on ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
};

/// Characters, not octets: continuation octets of UTF-8 have no width.
size_t width(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string shortened(std::string_view text, size_t max) {
  if (width(text) <= max) return std::string(text);
  std::string cut;
  size_t used = 0;
  for (char c : text) {
    if ((c & 0xc0) != 0x80 && ++used == max) break;
    cut += c;
  }
  return cut + "…";
}

/// The two that say most: what is bound before what was only seen, and link-local ones last.
std::string address_text(const Device& device) {
  std::vector<DeviceAddress> addresses = device.addresses;
  auto rank = [](const DeviceAddress& one) {
    return (one.ip.is_link_local() ? 2 : 0) + (one.is_bound ? 0 : 1);
  };
  std::ranges::stable_sort(addresses, {}, rank);
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(addresses.size(), 2); ++i) {
    text += (i == 0 ? "" : " ") + to_string(addresses[i].ip);
  }
  if (addresses.size() > 2) text += fmt::format(" +{}", addresses.size() - 2);
  return text;
}

std::string maker_text(const Device& device) {
  if (device.verdict)
    return fmt::format("{} ({})", device.verdict->supplier, to_string(device.verdict->grade));
  if (!device.registrant.empty()) return device.registrant;
  if (!device.key.mac) return "-";
  if (device.role == Role::virtual_) return "(redundancy address)";
  return device.key.mac.is_local() ? "(private MAC)" : "(unregistered MAC)";
}

std::string what_text(const Device& device) {
  std::string text;
  auto add = [&](std::string_view part) {
    if (!part.empty() && text.find(part) == std::string::npos)
      text += (text.empty() ? "" : " ") + std::string(part);
  };
  for (Aspect aspect : {Aspect::brand, Aspect::model, Aspect::software}) {
    if (const Claim* claim = best(device, aspect)) add(claim->value);
  }
  if (!device.names.empty()) add(fmt::format("\"{}\"", device.names.front()));
  return text;
}

std::string mac_text(const Device& device) {
  return device.key.mac ? to_string(device.key.mac) : "-";
}

std::string where_text(const Device& device) {
  std::string text;
  for (uint16_t vlan : device.key.context.vlans())
    text += fmt::format("{}vlan {}", text.empty() ? "" : " ", vlan);
  if (device.key.context.tunnel != Tunnel::none) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(device.key.context.tunnel),
                        device.key.context.tunnel_id);
  }
  std::string port = device.location_switch;
  if (!device.location_port.empty()) port += (port.empty() ? "" : " ") + device.location_port;
  if (!port.empty()) text += (text.empty() ? "" : ", ") + port;
  return text;
}

/// What the device is flagged for: its maker, or a part of it.
std::string verdict_text(const Device& device, const Hit& hit, const Paint& paint) {
  if (hit.aspect != Aspect::platform || !device.verdict)
    return fmt::format("{}  {}", paint("1;31", hit.entry->supplier), to_string(hit.aspect));
  return fmt::format("{}  {} {:.2f}", paint("1;31", device.verdict->supplier),
                     to_string(device.verdict->grade), device.verdict->certainty);
}

void flagged_device(std::string& out, const Device& device, const std::vector<Hit>& hits,
                    const Names& names, const TableStyle& style) {
  Paint paint{style.colour};
  std::set<std::string_view> suppliers;
  for (const Hit& hit : hits) suppliers.insert(hit.entry->supplier);
  out += fmt::format("\n  {}  {}  {}  {}\n", verdict_text(device, hits.front(), paint),
                     mac_text(device), address_text(device), what_text(device));
  if (std::string where = where_text(device); !where.empty())
    out += fmt::format("    where     {}\n", where);
  out += fmt::format("    role      {}\n", to_string(device.role));
  std::set<std::string> flagging;
  for (const Hit& hit : hits) {
    flagging.insert(fmt::format("{} ({})", hit.policy->id, to_string(hit.entry->severity)));
  }
  out += fmt::format("    policies  {}\n", fmt::join(flagging, ", "));

  std::vector<const Claim*> claims;
  for (const Evidence& evidence : device.evidence) {
    if (suppliers.contains(evidence.claim.supplier)) claims.push_back(&evidence.claim);
  }
  std::ranges::stable_sort(claims, std::greater<>(), &Claim::certainty);
  for (size_t i = 0; i < std::min(claims.size(), kEvidenceMax); ++i) {
    const Claim& claim = *claims[i];
    std::string source = style.show_source ? fmt::format(" of {}", names.source(claim.source)) : "";
    out += fmt::format("    {}  {:.2f} {} {} \"{}\"  frame {}{}  {}\n",
                       i == 0 ? "evidence" : "        ", claim.certainty, to_string(claim.protocol),
                       to_string(claim.field), shortened(claim.text, 72), claim.frame, source,
                       paint("2", claim.rule));
  }
  if (claims.size() > kEvidenceMax)
    out += fmt::format("              and {} more\n", claims.size() - kEvidenceMax);
}

using Cells = std::array<std::string, 5>;

void other_devices(std::string& out, const std::vector<Cells>& rows, const Paint& paint) {
  std::array<size_t, 5> widths{};
  for (const Cells& cells : rows) {
    for (size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], width(cells[i]));
  }
  for (size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (size_t i = 0; i < rows[r].size(); ++i) {
      line += "  " + rows[r][i] + std::string(widths[i] - width(rows[r][i]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += (r == 0 ? paint("2", line) : line) + '\n';
  }
}

std::string counted(const std::map<std::string, uint64_t>& counts) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) parts.push_back(fmt::format("{} {}", name, count));
  return fmt::format("{}", fmt::join(parts, ", "));
}

uint64_t sum(const std::map<std::string, uint64_t>& counts) {
  uint64_t total = 0;
  for (const auto& [name, count] : counts) total += count;
  return total;
}

void sums(std::string& out, const Summary& summary) {
  out += fmt::format("\n{} packets = {} decoded + {} undecoded", summary.packets, summary.decoded,
                     sum(summary.undecoded));
  if (!summary.undecoded.empty()) out += fmt::format(" ({})", counted(summary.undecoded));
  out += fmt::format("\n{} messages malformed", sum(summary.malformed));
  if (!summary.malformed.empty()) out += fmt::format(" ({})", counted(summary.malformed));
  out += fmt::format("\n{} devices, {} flagged, {} alerts\n", summary.devices, summary.flagged,
                     summary.alerts);
  if (!summary.bounds.empty()) out += fmt::format("bounds reached: {}\n", counted(summary.bounds));
}

}  // namespace

std::string table(const Inventory& inventory, const Alerts& alerts, const Summary& summary,
                  const Names& names, TableStyle style) {
  std::string out;
  Paint paint{style.colour};
  out +=
      paint(summary.flagged != 0 ? "1;31" : "1;32", fmt::format("FLAGGED  {}", summary.flagged)) +
      '\n';
  std::vector<Cells> others{{"MAC", "IP", "ROLE", "MAKER", "WHAT IT SAYS"}};
  size_t remote = 0;
  for (const Device* one : in_order(inventory)) {
    const Device& device = *one;
    if (device.is_flagged) {
      flagged_device(out, device, alerts.hits(device), names, style);
    } else if (device.role == Role::remote && !device.verdict) {
      ++remote;
    } else {
      others.push_back({mac_text(device), address_text(device), std::string(to_string(device.role)),
                        shortened(maker_text(device), kCellMax),
                        shortened(what_text(device), kCellMax)});
    }
  }
  out += '\n' + paint("1", fmt::format("OTHERS  {}", others.size() - 1)) + '\n';
  if (others.size() > 1) other_devices(out, others, paint);
  if (remote != 0)
    out += fmt::format("  and {} hosts beyond a router, outside this network\n", remote);
  sums(out, summary);
  return out;
}

std::string csv_cell(std::string_view text) {
  bool is_formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  std::string cell = is_formula ? "'" : "";
  cell += text;
  if (cell.find_first_of(",\"\n\r") == std::string::npos && !is_formula) return cell;
  std::string quoted = "\"";
  for (char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string csv(const Inventory& inventory, const Alerts& alerts, const Names& names) {
  std::string out =
      "id,tap,vlans,role,macs,ips,names,registrant,supplier,grade,certainty,brand,model,software,"
      "serial,switch,port,"
      "flagged,policies,first_seen,last_seen,packets\r\n";
  for (const Device* one : in_order(inventory)) {
    const Device& device = *one;
    std::vector<std::string> macs, ips, policies;
    for (const Mac& mac : device.macs) macs.push_back(to_string(mac));
    for (const DeviceAddress& address : device.addresses) ips.push_back(to_string(address.ip));
    for (const Hit& hit : alerts.hits(device)) {
      if (policies.empty() || policies.back() != hit.policy->id) policies.push_back(hit.policy->id);
    }
    auto text_of = [&](Aspect aspect) {
      const Claim* claim = best(device, aspect);
      return claim == nullptr ? std::string() : claim->value;
    };
    const std::string cells[] = {
        device.id,
        std::string(names.tap(device.key.context.tap)),
        fmt::format("{}", fmt::join(device.key.context.vlans(), " ")),
        std::string(to_string(device.role)),
        fmt::format("{}", fmt::join(macs, " ")),
        fmt::format("{}", fmt::join(ips, " ")),
        fmt::format("{}", fmt::join(device.names, " ")),
        device.registrant,
        device.verdict ? device.verdict->supplier : "",
        device.verdict ? std::string(to_string(device.verdict->grade)) : "",
        device.verdict ? fmt::format("{:.3f}", device.verdict->certainty) : "",
        text_of(Aspect::brand),
        text_of(Aspect::model),
        text_of(Aspect::software),
        text_of(Aspect::serial),
        device.location_switch,
        device.location_port,
        device.is_flagged ? "yes" : "no",
        fmt::format("{}", fmt::join(policies, " ")),
        to_rfc3339(device.first_seen),
        to_rfc3339(device.last_seen),
        std::to_string(device.packets)};
    std::string line;
    for (const std::string& cell : cells)
      line += (line.empty() && &cell == cells ? "" : ",") + csv_cell(cell);
    out += line + "\r\n";
  }
  return out;
}

}  // namespace tapwarden
