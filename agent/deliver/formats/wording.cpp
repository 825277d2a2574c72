// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "deliver/formats/formats.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

struct AlertEvent {
  std::string_view event, title;
};
constexpr AlertEvent alert_events[] = {
    {"raised", "Flagged equipment found"},
    {"updated", "Flagged equipment: more is known"},
    {"returned", "Flagged equipment is back"},
    {"contradicted", "Flagged equipment: the evidence contradicts itself"},
    {"resolved", "Flagged equipment is gone"},
    {"reopened", "Flagged equipment: alert reopened"},
    {"acknowledged", "Flagged equipment: alert acknowledged"},
    {"authorised", "Flagged equipment: alert authorised"},
    {"suppressed", "Flagged equipment: alert suppressed"},
    {"reminded", "Flagged equipment: nobody has touched the alert"},
    {"expired", "Flagged equipment: authorisation or suppression has ended"},
};

const AlertEvent* alert_event(const RecordFields& fields) {
  const AlertEvent* found = std::ranges::find(alert_events, fields.alert.event, &AlertEvent::event);
  return found == std::end(alert_events) ? nullptr : found;
}

/// "hikvision DS-2CD2143G2-I at 192.168.10.21 (44:19:b6:10:00:21), switch sw1 port 3".
std::string device_words(const DeviceFields& device, const std::string& supplier) {
  std::vector<std::string> words;
  words.push_back(supplier.empty() ? "a device of unknown make" : supplier);
  if (!device.sold_as.empty()) words.push_back("sold as " + device.sold_as);
  if (!device.model.empty()) words.push_back(device.model);
  if (!device.ips.empty()) words.push_back("at " + best_ip(device));
  if (!device.macs.empty()) words.push_back("(" + device.macs.front() + ")");
  std::string all = joined(words, " ");
  if (!device.location_switch.empty()) all += ", switch " + device.location_switch;
  if (!device.location_port.empty()) all += ", port " + device.location_port;
  return all;
}

std::string alert_words(const RecordFields& fields) {
  const AlertFields& alert = fields.alert;
  std::string words = alert.event.empty() ? "Alert" : "Alert " + alert.event;
  words += ": " + device_words(fields.device, alert.policy.entry.empty() ? fields.device.supplier
                                                                         : alert.policy.entry);
  if (!fields.device.grade.empty()) words += ", " + fields.device.grade;
  if (!alert.policy.id.empty()) words += ", flagged by " + alert.policy.id;
  if (!alert.actor.empty()) words += "; by " + alert.actor;
  if (!alert.reason.empty()) words += "; reason: " + alert.reason;
  if (!alert.changes.empty()) words += "; " + joined(alert.changes, "; ");
  if (!alert.evidence.empty() && !alert.evidence.front().text.empty()) {
    const ClaimFields& best = alert.evidence.front();
    words += fmt::format("; evidence: {} {}: {}", best.protocol, best.field, best.text);
  }
  return words;
}

std::string digest_words(const DigestFields& digest) {
  std::string words = fmt::format("{} alerts were held back", digest.held_back.value_or(0));
  std::vector<std::string> policies;
  for (const auto& [policy, count] : digest.policies)
    policies.push_back(fmt::format("{} of {}", count, policy));
  if (!policies.empty()) words += ": " + joined(policies);
  return words;
}

std::string health_words(const HealthFields& health) {
  std::vector<std::string> words;
  for (const std::string* word : {&health.component, &health.name, &health.status}) {
    if (!word->empty()) words.push_back(*word);
  }
  std::string all = joined(words, " ");
  if (!health.message.empty()) all += (all.empty() ? "" : ": ") + health.message;
  return all.empty() ? "health" : all;
}

std::string summary_words(const SummaryFields& summary) {
  return fmt::format("{} packets, {} devices, {} of them flagged, {} alerts",
                     summary.count("packets").value_or(0), summary.count("devices").value_or(0),
                     summary.count("flagged").value_or(0), summary.count("alerts").value_or(0));
}

std::string message_words(const RecordFields& fields) {
  switch (fields.kind) {
    case RecordKind::device:
      return "Device: " + device_words(fields.device, fields.device.supplier);
    case RecordKind::alert:
      return alert_words(fields);
    case RecordKind::digest:
      return digest_words(fields.digest);
    case RecordKind::health:
      return health_words(fields.health);
    case RecordKind::summary:
      return summary_words(fields.summary);
  }
  return "";
}

/// U+0000 to U+FFFF as JSON writes it.
std::string escape_of(unsigned character) { return fmt::format("\\u{:04x}", character); }

/// The character at `text` that must not stand in a line as it is, and its octets; 0 where there is
/// none.
std::pair<unsigned, size_t> unsafe_at(std::string_view text) {
  auto octet = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0U; };
  if (octet(0) == 0x7F) return {0x7F, 1};
  if (octet(0) == 0xC2 && octet(1) >= 0x80 && octet(1) < 0xA0) return {octet(1), 2};
  if (octet(0) == 0xE2 && octet(1) == 0x80 && octet(2) >= 0xA8 && octet(2) <= 0xAE)
    return {0x2000 + (octet(2) - 0x80U), 3};
  if (octet(0) == 0xE2 && octet(1) == 0x81 && octet(2) >= 0xA6 && octet(2) <= 0xA9)
    return {0x2040 + (octet(2) - 0x80U), 3};
  return {0, 0};
}

}  // namespace

std::string event_class(const RecordFields& fields) {
  std::string name(to_string(fields.kind));
  if (fields.kind == RecordKind::alert && alert_event(fields) != nullptr)
    return name + "-" + fields.alert.event;
  if (fields.kind == RecordKind::health)
    return name + (fields.health.is_ok() ? "-ok" : "-degraded");
  return name;
}

std::string_view event_title(const RecordFields& fields) {
  switch (fields.kind) {
    case RecordKind::device:
      return "Device seen";
    case RecordKind::alert: {
      const AlertEvent* event = alert_event(fields);
      return event == nullptr ? "Flagged equipment" : event->title;
    }
    case RecordKind::digest:
      return "Alerts held back";
    case RecordKind::health:
      return fields.health.is_ok() ? "Sensor is well" : "Sensor is impaired";
    case RecordKind::summary:
      return "Counters of a run";
  }
  return "";
}

std::string event_message(const RecordFields& fields) {
  return shortened(message_words(fields), event_message_max);
}

std::optional<Severity> severity_of(const RecordFields& fields) {
  auto found = std::ranges::find(severity_names, fields.severity);
  if (found == severity_names.end()) return std::nullopt;
  return Severity(found - severity_names.begin());
}

int severity_of_ten(const RecordFields& fields, int lowest) {
  if (fields.kind == RecordKind::device || fields.kind == RecordKind::summary) return lowest;
  constexpr int numbers[] = {3, 5, 8, 10};
  std::optional<Severity> severity = severity_of(fields);
  return severity ? numbers[static_cast<size_t>(*severity)] : 5;
}

const ClaimFields* first_flow(const AlertFields& alert) {
  for (const ClaimFields& claim : alert.evidence) {
    if (!claim.community_id.empty() || !claim.source.ip.empty()) return &claim;
  }
  return nullptr;
}

std::string one_line(std::string_view serialized) {
  std::string line;
  line.reserve(serialized.size());
  for (size_t i = 0; i < serialized.size();) {
    auto [character, size] = unsafe_at(serialized.substr(i, 3));
    if (size == 0) {
      line += serialized[i++];
    } else {
      line += escape_of(character);
      i += size;
    }
  }
  return line;
}

void set(json::object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void set(json::object& object, std::string_view key, const std::vector<std::string>& texts) {
  if (!texts.empty()) object[key] = array_of(texts);
}

void set(json::object& object, std::string_view key, json::object part) {
  if (!part.empty()) object[key] = std::move(part);
}

void set(json::object& object, std::string_view key, json::array part) {
  if (!part.empty()) object[key] = std::move(part);
}

json::array array_of(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& one : texts) array.emplace_back(one);
  return array;
}

}  // namespace tapwarden
