// SPDX-License-Identifier: Apache-2.0
// Records as events of the Open Cybersecurity Schema Framework 1.4, the first version in which a
// device has a vendor and a model and a connection its community id. An alert is a Detection
// Finding, a device a Device Inventory Info. No class is made for the others; the nearest:
// - a digest is a Detection Finding as well, with the alerts that it stands for as related events:
//   who watches findings must see it;
// - a word on the agent's health is an Application Lifecycle of the agent with the activity Other:
//   Application Error cannot say that all is well again;
// - the summary of a run is a completed Scan Activity, which counts files, hosts and detections.
// What the schema has no name for stands in "unmapped".
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <limits>

#include "deliver/formats/formats.hpp"
#include "deliver/formats/ocsf.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

struct Class {
  int uid;
  const char* name;
  int category;
  const char* category_name;
};
constexpr Class detection_finding{2004, "Detection Finding", 2, "Findings"};
constexpr Class inventory_info{5001, "Device Inventory Info", 5, "Discovery"};
constexpr Class application_lifecycle{6002, "Application Lifecycle", 6, "Application Activity"};
constexpr Class scan_activity{6007, "Scan Activity", 6, "Application Activity"};

constexpr Named create{1, "Create"}, update{2, "Update"}, close{3, "Close"};

/// Counters are of 32 bits where parquet is made of events.
int64_t integer(std::optional<int64_t> count) {
  return std::min<int64_t>(count.value_or(0), std::numeric_limits<int32_t>::max());
}

json::object product(const RecordFields& fields) {
  return {{"name", "Tapwarden"}, {"vendor_name", "Tapwarden"}, {"version", fields.version}};
}

json::object metadata(const RecordFields& fields) {
  json::object object{{"version", "1.4.0"},
                      {"product", product(fields)},
                      {"log_name", to_string(fields.kind)},
                      {"event_code", event_class(fields)},
                      {"original_time", to_rfc3339(fields.time)}};
  set(object, "uid", fields.id);
  set(object, "correlation_uid", fields.alert.id);
  if (!fields.sensor.empty())
    object["loggers"] =
        json::array{json::object{{"name", fields.sensor}, {"version", fields.version}}};
  return object;
}

json::object event(const RecordFields& fields, const Class& of, Named activity, Named severity) {
  json::object object{{"class_uid", of.uid},
                      {"class_name", of.name},
                      {"category_uid", of.category},
                      {"category_name", of.category_name},
                      {"activity_id", activity.id},
                      {"activity_name", activity.caption},
                      {"type_uid", of.uid * 100 + activity.id},
                      {"type_name", fmt::format("{}: {}", of.name, activity.caption)},
                      {"time", milliseconds(fields.time)},
                      {"message", event_message(fields)},
                      {"metadata", metadata(fields)}};
  set_named(object, "severity", severity);
  return object;
}

Named finding_severity(const RecordFields& fields) {
  std::optional<Severity> severity = severity_of(fields);
  if (!severity) return {0, "Unknown"};
  constexpr Named named[] = {{2, "Low"}, {3, "Medium"}, {4, "High"}, {5, "Critical"}};
  return named[static_cast<size_t>(*severity)];
}

Named finding_activity(const AlertFields& alert) {
  if (alert.event == "raised" || (alert.event.empty() && alert.state == "new")) return create;
  return alert.event == "resolved" ? close : update;
}

/// An authorised device was looked at and is no longer to be spoken of: Suppressed.
Named finding_status(const AlertFields& alert) {
  const std::string& state = alert.state;
  if (state == "new") return {1, "New"};
  if (state == "open" || state == "reopened" || state == "acknowledged") return {2, "In Progress"};
  if (state == "authorised" || state == "suppressed") return {3, "Suppressed"};
  if (state == "resolved") return {4, "Resolved"};
  return {0, "Unknown"};
}

/// Whether somebody should look: not where an operator has just acted, nor at the end.
bool is_alert(const AlertFields& alert) {
  static const std::vector<std::string> quiet = {"resolved", "acknowledged", "authorised",
                                                 "suppressed"};
  return std::ranges::find(quiet, alert.event) == quiet.end();
}

void set_confidence(json::object& object, const DeviceFields& fields) {
  if (fields.grade == "possible") set_named(object, "confidence", {1, "Low"});
  if (fields.grade == "probable") set_named(object, "confidence", {2, "Medium"});
  if (fields.grade == "confirmed") set_named(object, "confidence", {3, "High"});
  if (fields.certainty) {
    double percent = std::clamp(*fields.certainty, 0.0, 1.0) * 100;
    object["confidence_score"] = static_cast<int>(std::lround(percent));
  }
}

json::object finding_info(const RecordFields& fields) {
  const AlertFields& alert = fields.alert;
  // Required, whatever the record lacks.
  json::object object{{"uid", !alert.id.empty()    ? alert.id
                              : !fields.id.empty() ? fields.id
                                                   : "unknown"},
                      {"title", event_title(fields)},
                      {"modified_time", milliseconds(fields.time)},
                      {"types", json::array{"Equipment of a flagged supplier"}}};
  set(object, "desc", alert.policy.scope);
  set_time(object, "created_time", alert.first_raised);
  set_time(object, "first_seen_time", fields.device.first_seen);
  set_time(object, "last_seen_time", fields.device.last_seen);
  json::object analytic;
  set(analytic, "uid", alert.policy.id);
  set(analytic, "name", alert.policy.title);
  set(analytic, "category", alert.policy.kind);
  set(analytic, "desc", alert.policy.source);
  set(analytic, "version", alert.policy.as_of);
  if (analytic.contains("uid") || analytic.contains("name")) {
    set_named(analytic, "type", {1, "Rule"});
    object["analytic"] = std::move(analytic);
  }
  std::vector<std::string> protocols;
  for (const ClaimFields& claim : alert.evidence) {
    if (!claim.protocol.empty() && std::ranges::find(protocols, claim.protocol) == protocols.end())
      protocols.push_back(claim.protocol);
  }
  set(object, "data_sources", protocols);
  return object;
}

void set_endpoint(json::object& object, std::string_view key, const EndpointFields& fields) {
  if (fields.ip.empty()) return;  // a port alone is no endpoint
  json::object endpoint{{"ip", fields.ip}};
  set(endpoint, "port", fields.port);
  object[key] = std::move(endpoint);
}

json::object evidence(const ClaimFields& claim) {
  json::object data, object;
  set(data, "aspect", claim.aspect);
  set(data, "value", claim.value);
  set(data, "supplier", claim.supplier);
  set(data, "certainty", claim.certainty);
  set(data, "protocol", claim.protocol);
  set(data, "field", claim.field);
  set(data, "text", claim.text);
  set(data, "capture", claim.capture);
  set(data, "frame", claim.frame);
  if (claim.time) data["time"] = to_rfc3339(*claim.time);
  set(data, "rule", claim.rule);
  set(object, "data", std::move(data));
  if (!claim.community_id.empty()) {
    object["connection_info"] = {
        {"community_uid", claim.community_id}, {"direction_id", 0}, {"direction", "Unknown"}};
  }
  set_endpoint(object, "src_endpoint", claim.source);
  set_endpoint(object, "dst_endpoint", claim.target);
  return object;
}

json::object resource(const DeviceFields& fields) {
  json::object object{{"type", "device"}};
  set(object, "uid", fields.id);
  if (!fields.names.empty()) object["name"] = fields.names.front();
  set(object, "ip", best_ip(fields));
  set(object, "labels", fields.policies);
  return object;
}

json::object unmapped_alert(const AlertFields& alert) {
  json::object object, policy;
  set(object, "event", alert.event);
  set(object, "state", alert.state);
  set(object, "changes", alert.changes);
  set(object, "actor", alert.actor);
  set_time(object, "until", alert.until);
  set(policy, "authority", alert.policy.authority);
  set(policy, "entry", alert.policy.entry);
  set(policy, "from", alert.policy.from);
  set(object, "policy", std::move(policy));
  return object;
}

json::object alert_event(const RecordFields& fields) {
  const AlertFields& alert = fields.alert;
  json::object object =
      event(fields, detection_finding, finding_activity(alert), finding_severity(fields));
  set_named(object, "status", finding_status(alert));
  object["is_alert"] = is_alert(alert);
  object["finding_info"] = finding_info(fields);
  set_confidence(object, fields.device);
  set(object, "comment", alert.reason);
  json::array evidences;
  for (const ClaimFields& claim : alert.evidence) {
    json::object one = evidence(claim);
    if (!one.empty()) evidences.push_back(std::move(one));
  }
  set(object, "evidences", std::move(evidences));
  if (fields.device.is_known()) {
    object["device"] = ocsf_device(fields.device);
    if (!fields.device.id.empty())
      object["resources"] = json::array{json::value(resource(fields.device))};
    set(object, "observables", ocsf_observables(fields.device));
  }
  json::object unmapped = unmapped_alert(alert);
  set(unmapped, "device", ocsf_unmapped(fields.device));
  set(object, "unmapped", std::move(unmapped));
  return object;
}

json::object device_event(const RecordFields& fields) {
  json::object object = event(fields, inventory_info, {2, "Collect"}, {1, "Informational"});
  object["device"] = ocsf_device(fields.device);
  set(object, "observables", ocsf_observables(fields.device));
  set(object, "unmapped", ocsf_unmapped(fields.device));
  return object;
}

json::object digest_event(const RecordFields& fields) {
  const DigestFields& digest = fields.digest;
  json::object object = event(fields, detection_finding, create, finding_severity(fields));
  set_named(object, "status", {1, "New"});
  object["is_alert"] = true;
  object["count"] = std::max<int64_t>(integer(digest.held_back), 1);
  set_time(object, "start_time", digest.from);
  set_time(object, "end_time", digest.to);
  json::object info = finding_info(fields);
  json::array related;
  for (const std::string& id : digest.alerts)
    related.push_back(json::object{{"uid", id}, {"type", "alert"}});
  set(info, "related_events", std::move(related));
  info["related_events_count"] = integer(digest.held_back);
  object["finding_info"] = std::move(info);
  json::object policies, unmapped;
  for (const auto& [policy, count] : digest.policies) policies[policy] = count;
  set(unmapped, "policies", std::move(policies));
  set(unmapped, "alerts_omitted", digest.alerts_omitted);
  set(object, "unmapped", std::move(unmapped));
  return object;
}

json::object health_event(const RecordFields& fields) {
  const HealthFields& health = fields.health;
  json::object object = event(fields, application_lifecycle, {99, "Other"},
                              health.is_ok() ? Named{1, "Informational"} : Named{4, "High"});
  set_named(object, "status", health.is_ok() ? Named{1, "Success"} : Named{2, "Failure"});
  set(object, "status_detail", health.message);
  set(object, "status_code", health.status);
  json::object app = product(fields), part;
  set(part, "name", health.component);
  set(part, "uid", health.name);
  set(app, "feature", std::move(part));
  object["app"] = std::move(app);
  return object;
}

json::object summary_event(const RecordFields& fields) {
  const SummaryFields& summary = fields.summary;
  json::object object = event(fields, scan_activity, {2, "Completed"}, {1, "Informational"});
  set_named(object, "status", {1, "Success"});
  object["scan"] = {{"name", "Passive listening"}, {"type_id", 99}, {"type", "Other"}};
  object["num_files"] = integer(summary.count("files"));
  object["num_skipped_items"] = integer(summary.count("files_failed"));
  object["num_network_items"] = integer(summary.count("devices"));
  object["num_detections"] = integer(summary.count("alerts"));
  object["total"] = integer(summary.count("devices"));
  json::object unmapped;
  for (const auto& [name, count] : summary.counts) unmapped[name] = count;
  for (const auto& [group, counts] : summary.groups) {
    json::object members;
    for (const auto& [name, count] : counts) members[name] = count;
    set(unmapped, group, std::move(members));
  }
  set(object, "unmapped", std::move(unmapped));
  return object;
}

json::object event_of(const RecordFields& fields) {
  switch (fields.kind) {
    case RecordKind::device:
      return device_event(fields);
    case RecordKind::alert:
      return alert_event(fields);
    case RecordKind::digest:
      return digest_event(fields);
    case RecordKind::health:
      return health_event(fields);
    case RecordKind::summary:
      return summary_event(fields);
  }
  return {};
}

}  // namespace

std::string encode_ocsf(const RecordFields& fields) {
  return one_line(json::serialize(event_of(fields)));
}

}  // namespace tapwarden
