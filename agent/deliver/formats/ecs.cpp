// SPDX-License-Identifier: Apache-2.0
// Records in the Elastic Common Schema 8.17. What it has no name for stands below "tapwarden", with
// names that do not depend on what was seen, so that an index does not grow fields.
#include <algorithm>
#include <boost/json/serialize.hpp>

#include "deliver/formats/formats.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

/// With capital letters and dashes (RFC 7042), as ECS asks.
std::string ecs_mac(std::string mac) {
  std::ranges::transform(mac, mac.begin(), [](char c) {
    if (c == ':') return '-';
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return mac;
}

void set_date(json::object& object, std::string_view key, const std::optional<Timestamp>& time) {
  if (time) object[key] = to_rfc3339(*time);
}

json::object vlan(const std::vector<int64_t>& vlans, size_t index) {
  json::object object;
  if (index < vlans.size()) object["id"] = std::to_string(vlans[index]);
  return object;
}

json::array counts(const std::vector<Count>& counts) {
  json::array array;
  for (const auto& [name, count] : counts)
    array.push_back(json::object{{"name", name}, {"count", count}});
  return array;
}

json::object endpoint(const EndpointFields& fields) {
  json::object object;
  set(object, "ip", fields.ip);
  set(object, "port", fields.port);
  return object;
}

json::object claim(const ClaimFields& fields) {
  json::object object;
  set(object, "aspect", fields.aspect);
  set(object, "value", fields.value);
  set(object, "supplier", fields.supplier);
  set(object, "certainty", fields.certainty);
  set(object, "protocol", fields.protocol);
  set(object, "field", fields.field);
  set(object, "text", fields.text);
  set(object, "capture", fields.capture);
  set(object, "frame", fields.frame);
  set_date(object, "time", fields.time);
  set(object, "rule", fields.rule);
  set(object, "community_id", fields.community_id);
  return object;
}

/// What ECS has no name for.
json::object own_device(const DeviceFields& device) {
  json::object object, verdict, location, tunnel;
  set(object, "role", device.role);
  set(object, "mac_administration", device.mac_administration);
  set(object, "registrant", device.registrant);
  set(object, "brand", device.brand);
  set(object, "sold_as", device.sold_as);
  set(object, "software", device.software);
  set(object, "serial", device.serial);
  set(object, "policies", device.policies);
  set(object, "packets", device.packets);
  set(verdict, "supplier", device.supplier);
  set(verdict, "grade", device.grade);
  set(verdict, "certainty", device.certainty);
  set(object, "verdict", std::move(verdict));
  set(location, "switch", device.location_switch);
  set(location, "port", device.location_port);
  set(object, "location", std::move(location));
  set(object, "tap", device.tap);
  set(tunnel, "kind", device.tunnel);
  set(tunnel, "id", device.tunnel_id);
  set(object, "tunnel", std::move(tunnel));
  return object;
}

json::object own_alert(const RecordFields& fields) {
  const AlertFields& alert = fields.alert;
  json::object object, policy;
  set(object, "id", alert.id);
  set(object, "event", alert.event);
  set(object, "state", alert.state);
  set(object, "severity", fields.severity);
  set_date(object, "first_raised", alert.first_raised);
  set_date(object, "until", alert.until);
  set(object, "changes", alert.changes);
  set(policy, "kind", alert.policy.kind);
  set(policy, "authority", alert.policy.authority);
  set(policy, "entry", alert.policy.entry);
  set(policy, "scope", alert.policy.scope);
  set(policy, "from", alert.policy.from);
  set(policy, "source", alert.policy.source);
  set(object, "policy", std::move(policy));
  json::array evidence;
  for (const ClaimFields& one : alert.evidence) evidence.push_back(claim(one));
  set(object, "evidence", std::move(evidence));
  return object;
}

json::object own_digest(const DigestFields& digest) {
  json::object object;
  set(object, "held_back", digest.held_back);
  set(object, "policies", counts(digest.policies));
  set(object, "alerts", digest.alerts);
  set(object, "alerts_omitted", digest.alerts_omitted);
  return object;
}

json::object own_health(const HealthFields& health) {
  json::object object;
  set(object, "component", health.component);
  set(object, "name", health.name);
  set(object, "status", health.status);
  return object;
}

json::object own_summary(const SummaryFields& summary) {
  json::object object{{"counts", counts(summary.counts)}};
  json::array groups;
  for (const auto& [group, members] : summary.groups) {
    for (const auto& [name, count] : members)
      groups.push_back(json::object{{"group", group}, {"name", name}, {"count", count}});
  }
  set(object, "groups", std::move(groups));
  return object;
}

/// Which of the schema's categories each kind belongs to.
json::object event(const RecordFields& fields) {
  struct Categories {
    const char* kind;
    std::vector<std::string> category;
    const char* type;
  };
  static const Categories categories[record_kinds_count] = {
      {"asset", {"host"}, "info"},                            // device
      {"alert", {"intrusion_detection", "network"}, "info"},  // alert
      {"alert", {"intrusion_detection"}, "info"},             // digest: it stands for alerts
      {"state", {"host"}, "info"},                            // health: of the sensor
      {"metric", {"network"}, "info"}};                       // summary
  const Categories& mine = categories[static_cast<size_t>(fields.kind)];
  json::object object{{"kind", mine.kind},
                      {"category", array_of(mine.category)},
                      {"type", json::array{mine.type}},
                      {"action", event_class(fields)},
                      {"module", "tapwarden"},
                      {"provider", "tapwarden"},
                      {"dataset", "tapwarden." + std::string(to_string(fields.kind))}};
  set(object, "id", fields.id);
  if (std::optional<Severity> severity = severity_of(fields)) {
    object["severity"] = static_cast<int>(*severity) + 1;
    // The scores that Elastic's own rules bear for these words; a sensor's health is no risk.
    constexpr int scores[] = {21, 47, 73, 99};
    if (fields.kind != RecordKind::health) {
      object["risk_score"] = scores[static_cast<size_t>(*severity)];
      object["risk_score_norm"] = scores[static_cast<size_t>(*severity)];
    }
  }
  if (fields.kind == RecordKind::health)
    object["outcome"] = fields.health.is_ok() ? "success" : "failure";
  set(object, "reason", fields.alert.reason);
  set_date(object, "start",
           fields.kind == RecordKind::digest ? fields.digest.from : fields.device.first_seen);
  set_date(object, "end",
           fields.kind == RecordKind::digest ? fields.digest.to : fields.device.last_seen);
  return object;
}

json::object host(const DeviceFields& device) {
  json::object object;
  set(object, "id", device.id);
  if (!device.names.empty()) {
    set(object, "name", device.names.front());
    set(object, "hostname", device.names.front());
  }
  std::vector<std::string> macs;
  for (const std::string& mac : device.macs) macs.push_back(ecs_mac(mac));
  set(object, "mac", macs);
  set(object, "ip", device.ips);
  set(object, "type", device.role);
  return object;
}

json::object device_of(const DeviceFields& device) {
  json::object object, model;
  set(object, "id", device.id);
  set(object, "manufacturer", device.supplier.empty() ? device.registrant : device.supplier);
  set(model, "name", device.model);
  set(object, "model", std::move(model));
  return object;
}

json::object observer(const RecordFields& fields) {
  json::object object{{"vendor", "Tapwarden"},
                      {"product", "Tapwarden"},
                      {"type", "sensor"},
                      {"version", fields.version}};
  set(object, "name", fields.sensor);
  json::object ingress, tap;
  set(tap, "name", fields.device.tap);
  set(ingress, "interface", std::move(tap));
  set(ingress, "vlan", vlan(fields.device.vlans, 0));
  set(object, "ingress", std::move(ingress));
  return object;
}

json::object rule(const PolicyFields& policy) {
  json::object object;
  set(object, "id", policy.id);
  set(object, "name", policy.title);
  set(object, "category", policy.kind);
  set(object, "description", policy.scope);
  set(object, "version", policy.as_of);
  if (!policy.authority.empty()) object["author"] = json::array{json::value(policy.authority)};
  return object;
}

json::object related(const RecordFields& fields) {
  json::object object;
  std::vector<std::string> ips = fields.device.ips;
  if (const ClaimFields* flow = first_flow(fields.alert)) {
    for (const std::string* ip : {&flow->source.ip, &flow->target.ip}) {
      if (!ip->empty() && std::ranges::find(ips, *ip) == ips.end()) ips.push_back(*ip);
    }
  }
  set(object, "ip", ips);
  set(object, "hosts", fields.device.names);
  if (!fields.alert.actor.empty()) object["user"] = json::array{json::value(fields.alert.actor)};
  return object;
}

void set_network(json::object& document, const RecordFields& fields) {
  json::object network, inner;
  set(network, "vlan", vlan(fields.device.vlans, 0));
  set(inner, "vlan", vlan(fields.device.vlans, 1));
  set(network, "inner", std::move(inner));
  if (const ClaimFields* flow = first_flow(fields.alert)) {
    set(network, "community_id", flow->community_id);
    set(document, "source", endpoint(flow->source));
    set(document, "destination", endpoint(flow->target));
  }
  set(document, "network", std::move(network));
}

json::object own(const RecordFields& fields) {
  json::object object{{"kind", to_string(fields.kind)}};
  set(object, "device", own_device(fields.device));
  switch (fields.kind) {
    case RecordKind::device:
      break;
    case RecordKind::alert:
      set(object, "alert", own_alert(fields));
      break;
    case RecordKind::digest:
      set(object, "digest", own_digest(fields.digest));
      break;
    case RecordKind::health:
      set(object, "health", own_health(fields.health));
      break;
    case RecordKind::summary:
      set(object, "summary", own_summary(fields.summary));
      break;
  }
  return object;
}

}  // namespace

std::string encode_ecs(const RecordFields& fields) {
  json::object document{{"@timestamp", to_rfc3339(fields.time)},
                        {"ecs", {{"version", "8.17.0"}}},
                        {"message", event_message(fields)},
                        {"event", event(fields)},
                        {"observer", observer(fields)}};
  set(document, "rule", rule(fields.alert.policy));
  set(document, "host", host(fields.device));
  set(document, "device", device_of(fields.device));
  set_network(document, fields);
  set(document, "related", related(fields));
  if (!fields.alert.actor.empty()) document["user"] = {{"name", fields.alert.actor}};
  set(document, "tapwarden", own(fields));
  return one_line(json::serialize(document));
}

}  // namespace tapwarden
