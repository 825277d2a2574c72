// SPDX-License-Identifier: Apache-2.0
// Records in IBM QRadar's Log Event Extended Format 2.0. It has no escapes: it asks that tab, pipe
// and caret do not stand in a value. So a caret, which parts our attributes and which syslog relays
// leave alone as they do not a tab, and a pipe become an underline; a control character and the end
// of a line a blank. A key stands once, and no key of our own bears the name of a predefined one.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "deliver/formats/formats.hpp"
#include "deliver/formats/pairs.hpp"

namespace tapwarden {

namespace {

/// QRadar cuts what comes by TCP at 4096 octets unless told otherwise; that much with its header.
constexpr size_t leef_line_max = 3840;
constexpr size_t name_max = 255;  ///< of host and user names, and of the event's id
constexpr size_t text_max = 511;

void write_value(std::string& target, std::string_view character) {
  if (is_control(character)) {
    target += ' ';
  } else if (character == "^" || character == "|") {
    target += '_';
  } else {
    target += character;
  }
}

/// 1 is the lowest, 10 the highest.
int severity_number(const RecordFields& fields) { return severity_of_ten(fields, 1); }

/// "Nov 23 2026 19:27:35.590 GMT", as devTimeFormat says.
std::string device_time(Timestamp time) {
  auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  int64_t rest = milliseconds(time) - milliseconds(Timestamp(seconds));
  return fmt::format("{:%b %d %Y %H:%M:%S}.{:03} GMT",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), rest);
}

void add_time(Pairs& pairs, std::string_view key, const std::optional<Timestamp>& time) {
  if (time) pairs.add_whole(key, to_rfc3339(*time));
}

void add_device(Pairs& pairs, const DeviceFields& device) {
  std::string ip = best_ip(device);
  pairs.add_whole("src", ip);
  // QRadar takes the name of a host with its address only.
  if (!ip.empty() && !device.names.empty()) {
    pairs.add_whole("identSrc", ip);
    pairs.add("identHostName", device.names.front(), name_max);
  }
  if (!device.macs.empty()) pairs.add_whole("srcMAC", device.macs.front());
  pairs.add("deviceId", device.id, name_max);
  pairs.add("supplier", device.supplier, text_max);
  pairs.add("grade", device.grade, text_max);
  if (device.certainty) pairs.add("certainty", fmt::format("{:.3f}", *device.certainty), text_max);
  pairs.add("brand", device.brand, text_max);
  pairs.add("model", device.model, text_max);
  pairs.add("software", device.software, text_max);
  pairs.add("serial", device.serial, text_max);
  pairs.add("registrant", device.registrant, text_max);
  pairs.add("deviceRole", device.role, text_max);
  pairs.add("switchName", device.location_switch, text_max);
  pairs.add("switchPort", device.location_port, text_max);
  pairs.add("tap", device.tap, text_max);
  if (!device.vlans.empty()) pairs.add("vlan", std::optional(device.vlans.front()));
  add_time(pairs, "firstSeen", device.first_seen);
  add_time(pairs, "lastSeen", device.last_seen);
  pairs.add("totalPackets", device.packets);
}

void add_alert(Pairs& pairs, const RecordFields& fields) {
  const AlertFields& alert = fields.alert;
  pairs.add("alertId", alert.id, name_max);
  pairs.add("state", alert.state, text_max);
  pairs.add("severity", fields.severity, text_max);
  pairs.add("policyId", alert.policy.id, text_max);
  pairs.add("policyEntry", alert.policy.entry, text_max);
  pairs.add("usrName", alert.actor, name_max);
  pairs.add("reason", alert.reason, text_max);
  add_time(pairs, "until", alert.until);
  add_time(pairs, "firstRaised", alert.first_raised);
  add_device(pairs, fields.device);
  pairs.add("policyTitle", alert.policy.title, text_max);
  pairs.add("changes", joined(alert.changes, "; "), text_max);
  if (!alert.evidence.empty()) {
    const ClaimFields& best = alert.evidence.front();
    pairs.add("evidence", best.text, text_max);
    pairs.add("evidenceField", best.protocol + " " + best.field, text_max);
    pairs.add("evidenceRule", best.rule, text_max);
  }
}

void add_digest(Pairs& pairs, const RecordFields& fields) {
  const DigestFields& digest = fields.digest;
  pairs.add("severity", fields.severity, text_max);
  pairs.add("heldBack", digest.held_back);
  add_time(pairs, "from", digest.from);
  add_time(pairs, "to", digest.to);
  std::vector<std::string> policies;
  for (const auto& [policy, count] : digest.policies)
    policies.push_back(fmt::format("{} {}", policy, count));
  pairs.add("policies", joined(policies), text_max);
  auto [ids, omitted] = ids_with_room(pairs, digest, 2047);
  pairs.add("alertsOmitted", omitted);
  pairs.add("alerts", ids, 2047);
}

void add_health(Pairs& pairs, const RecordFields& fields) {
  const HealthFields& health = fields.health;
  pairs.add("severity", fields.severity, text_max);
  pairs.add("component", health.component, text_max);
  pairs.add("componentName", health.name, text_max);
  pairs.add("status", health.status, text_max);
}

void add_summary(Pairs& pairs, const SummaryFields& summary) {
  for (const char* name : {"files", "files_failed", "received", "dropped", "observations_dropped",
                           "packets", "decoded", "devices", "flagged", "alerts"}) {
    pairs.add(name, summary.count(name));
  }
}

}  // namespace

std::string encode_leef(const RecordFields& fields) {
  std::string head = fmt::format("LEEF:2.0|Tapwarden|Tapwarden|{}|{}|^|",
                                 written(shortened(fields.version, 31), 93, write_value),
                                 written(event_class(fields), name_max, write_value));
  Pairs pairs(std::move(head), '^', leef_line_max, write_value);
  pairs.add("devTime", device_time(fields.time), text_max);
  pairs.add("devTimeFormat", "MMM dd yyyy HH:mm:ss.SSS z", text_max);
  pairs.add("sev", std::optional<int64_t>(severity_number(fields)));
  pairs.add("cat", to_string(fields.kind), text_max);
  pairs.add("eventId", fields.id, name_max);
  pairs.add("sensor", fields.sensor, text_max);
  switch (fields.kind) {
    case RecordKind::device:
      add_device(pairs, fields.device);
      break;
    case RecordKind::alert:
      add_alert(pairs, fields);
      break;
    case RecordKind::digest:
      add_digest(pairs, fields);
      break;
    case RecordKind::health:
      add_health(pairs, fields);
      break;
    case RecordKind::summary:
      add_summary(pairs, fields.summary);
      break;
  }
  pairs.add("msg", event_message(fields), text_max);
  return pairs.line();
}

}  // namespace tapwarden
