// SPDX-License-Identifier: Apache-2.0
// Records in ArcSight's Common Event Format (CEF:0, implementation standard 27). The keys are those
// of its dictionary and a value is as long as the dictionary lets it be. A backslash, in the header
// a pipe and in the extension an equals sign have a backslash before them; the end of a line is \n
// or \r in the extension and a blank in the header; any other control character is a blank.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "deliver/formats/formats.hpp"
#include "deliver/formats/pairs.hpp"

namespace tapwarden {

namespace {

/// Syslog receivers take at least 8 KiB unless told otherwise; that much with its header.
constexpr size_t cef_line_max = 7936;
constexpr size_t short_max = 255;
constexpr size_t text_max = 1023;

void write_header(std::string& target, std::string_view character) {
  if (is_control(character)) {
    target += ' ';
    return;
  }
  if (character == "|" || character == "\\") target += '\\';
  target += character;
}

void write_value(std::string& target, std::string_view character) {
  if (character == "\n") {
    target += "\\n";
  } else if (character == "\r") {
    target += "\\r";
  } else if (is_control(character)) {
    target += ' ';
  } else {
    if (character == "=" || character == "\\") target += '\\';
    target += character;
  }
}

/// 0 to 3 is low, 4 to 6 medium, 7 and 8 high, 9 and 10 very high.
int severity_number(const RecordFields& fields) { return severity_of_ten(fields, 0); }

std::string header(const RecordFields& fields) {
  auto field = [](std::string_view text, size_t bound) {
    return written(shortened(text, bound), 2 * bound, write_header);
  };
  return fmt::format("CEF:0|Tapwarden|Tapwarden|{}|{}|{}|{}|", field(fields.version, 31),
                     field(event_class(fields), text_max), field(event_title(fields), 512),
                     severity_number(fields));
}

void add_addresses(Pairs& pairs, const DeviceFields& device) {
  if (!device.macs.empty()) pairs.add_whole("smac", device.macs.front());
  auto ipv4 = std::ranges::find_if(device.ips, is_ipv4);
  if (ipv4 != device.ips.end()) pairs.add_whole("src", *ipv4);
  auto ipv6 = std::ranges::find_if_not(device.ips, is_ipv4);
  if (ipv6 != device.ips.end()) pairs.add_labelled("c6a1", "Source IPv6 Address", *ipv6, 45);
  if (!device.names.empty()) pairs.add("shost", device.names.front(), text_max);
}

void add_device(Pairs& pairs, const RecordFields& fields) {
  const DeviceFields& device = fields.device;
  std::string supplier = fields.alert.policy.entry;
  if (supplier.empty()) supplier = device.supplier;
  std::vector<std::string> model;
  for (const std::string* part : {&device.brand, &device.model, &device.software}) {
    if (!part->empty()) model.push_back(*part);
  }
  std::vector<std::string> location;
  for (const std::string* part : {&device.location_switch, &device.location_port}) {
    if (!part->empty()) location.push_back(*part);
  }
  pairs.add_labelled("cs1", "Supplier", supplier, short_max);
  pairs.add_labelled(
      "cs2", "Policy",
      fields.kind == RecordKind::alert ? fields.alert.policy.id : joined(device.policies),
      text_max);
  pairs.add_labelled("cs3", "Model", joined(model, " / "), text_max);
  pairs.add_labelled("cs4", "Location", joined(location, " / "), text_max);
  pairs.add_labelled("cs5", "AlertId", fields.alert.id, short_max);
  pairs.add_labelled("cs6", "DeviceId", device.id, short_max);
  if (device.certainty) {
    double percent = std::clamp(*device.certainty, 0.0, 1.0) * 100;
    pairs.add_labelled("cn1", "CertaintyPercent", std::optional<int64_t>(std::lround(percent)));
  }
  if (!device.vlans.empty())
    pairs.add_labelled("cn2", "Vlan", std::optional<int64_t>(device.vlans.front()));
  pairs.add("deviceInboundInterface", device.tap, 128);
  pairs.add("start", device.first_seen);
  pairs.add("end", device.last_seen);
}

void add_date(Pairs& pairs, std::string_view key, std::string_view label,
              const std::optional<Timestamp>& time) {
  if (time) pairs.add_labelled(key, label, std::optional(milliseconds(*time)));
}

void add_alert(Pairs& pairs, const RecordFields& fields) {
  const AlertFields& alert = fields.alert;
  pairs.add("act", alert.event, 63);
  add_addresses(pairs, fields.device);
  add_device(pairs, fields);
  add_date(pairs, "deviceCustomDate1", "FirstRaised", alert.first_raised);
  add_date(pairs, "deviceCustomDate2", "Until", alert.until);
  pairs.add("suser", alert.actor, text_max);
  pairs.add("reason", alert.reason, text_max);
}

void add_digest(Pairs& pairs, const DigestFields& digest) {
  pairs.add("cnt", digest.held_back);
  pairs.add("start", digest.from);
  pairs.add("end", digest.to);
  std::vector<std::string> policies;
  for (const auto& [policy, count] : digest.policies)
    policies.push_back(fmt::format("{} {}", policy, count));
  pairs.add_labelled("cs2", "Policy", joined(policies), text_max);
  auto [ids, omitted] = ids_with_room(pairs, digest, 4000);
  pairs.add_labelled("cn3", "AlertsOmitted", omitted);
  pairs.add_labelled("cs5", "AlertId", ids, 4000);
}

void add_health(Pairs& pairs, const HealthFields& health) {
  pairs.add("act", health.status, 63);
  pairs.add("outcome", health.is_ok() ? "success" : "failure", 63);
  pairs.add_labelled("cs1", "Component", health.component, short_max);
  pairs.add_labelled("cs2", "Name", health.name, short_max);
  pairs.add("reason", health.message, text_max);
}

void add_summary(Pairs& pairs, const SummaryFields& summary) {
  pairs.add_labelled("cn1", "Packets", summary.count("packets"));
  pairs.add_labelled("cn2", "Devices", summary.count("devices"));
  pairs.add_labelled("cn3", "Flagged", summary.count("flagged"));
  std::vector<std::string> counts;
  for (const auto& [name, count] : summary.counts)
    counts.push_back(fmt::format("{} {}", name, count));
  pairs.add_labelled("cs1", "Counts", joined(counts), text_max);
  std::vector<std::string> groups;
  for (const auto& [group, members] : summary.groups) {
    for (const auto& [name, count] : members)
      groups.push_back(fmt::format("{} {} {}", group, name, count));
  }
  pairs.add_labelled("cs2", "Turned away", joined(groups), 4000);
}

std::string category(const RecordFields& fields) {
  std::string all = fmt::format("/{}", to_string(fields.kind));
  if (!fields.alert.state.empty()) all += "/" + fields.alert.state;
  return all;
}

}  // namespace

std::string encode_cef(const RecordFields& fields) {
  Pairs pairs(header(fields), ' ', cef_line_max, write_value);
  pairs.add("rt", std::optional(fields.time));
  pairs.add("externalId", fields.id, 40);
  pairs.add("cat", category(fields), text_max);
  pairs.add("deviceExternalId", fields.sensor, short_max);
  pairs.add("dvchost", fields.sensor, 100);
  switch (fields.kind) {
    case RecordKind::device:
      add_addresses(pairs, fields.device);
      add_device(pairs, fields);
      break;
    case RecordKind::alert:
      add_alert(pairs, fields);
      break;
    case RecordKind::digest:
      add_digest(pairs, fields.digest);
      break;
    case RecordKind::health:
      add_health(pairs, fields.health);
      break;
    case RecordKind::summary:
      add_summary(pairs, fields.summary);
      break;
  }
  pairs.add("msg", event_message(fields), text_max);
  return pairs.line();
}

}  // namespace tapwarden
