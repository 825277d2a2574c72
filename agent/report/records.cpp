// SPDX-License-Identifier: Apache-2.0
#include "report/records.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "inventory/stacks.hpp"
#include "inventory/verdict.hpp"
#include "report/community_id.hpp"
#include "report/dates.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

double rounded(double certainty) { return std::round(certainty * 1000) / 1000; }

json::value text_or_null(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value best_value(const Device& device, Aspect aspect) {
  const Claim* claim = best(device, aspect);
  return claim == nullptr ? json::value(nullptr) : json::value(claim->value);
}

json::object context_object(const Context& context, const Names& names) {
  json::array vlans;
  for (uint16_t vlan : context.vlans()) vlans.push_back(vlan);
  json::object object{{"tap", names.tap(context.tap)}, {"vlans", std::move(vlans)}};
  if (context.tunnel != Tunnel::none)
    object["tunnel"] = {{"kind", to_string(context.tunnel)}, {"id", context.tunnel_id}};
  return object;
}

json::object end_object(const IpAddress& ip, uint16_t port) {
  return {{"ip", to_string(ip)}, {"port", port}};
}

json::object claim_object(const Claim& claim, const Names& names) {
  json::object object{{"aspect", to_string(claim.aspect)},
                      {"value", claim.value},
                      {"supplier", text_or_null(claim.supplier)},
                      {"certainty", rounded(claim.certainty)},
                      {"protocol", to_string(claim.protocol)},
                      {"field", to_string(claim.field)},
                      {"text", claim.text},
                      {"capture", names.source(claim.source)},
                      {"frame", claim.frame},
                      {"time", to_rfc3339(claim.time)},
                      {"rule", claim.rule}};
  if (const Flow& flow = claim.flow) {
    object["flow"] = {{"community_id", community_id(flow)},
                      {"source", end_object(flow.source, flow.source_port)},
                      {"target", end_object(flow.target, flow.target_port)}};
  }
  return object;
}

/// The most certain first; for a supplier's evidence only what speaks of that supplier.
json::array claims_array(const Device& device, std::string_view supplier, const Names& names) {
  std::vector<const Claim*> claims;
  if (supplier.empty() && device.role_claim) claims.push_back(&*device.role_claim);
  for (const Evidence& evidence : device.evidence) {
    if (supplier.empty() || evidence.claim.supplier == supplier) claims.push_back(&evidence.claim);
  }
  std::ranges::stable_sort(claims, std::greater<>(), &Claim::certainty);
  json::array array;
  for (const Claim* claim : claims) array.push_back(claim_object(*claim, names));
  return array;
}

template <typename Values>
json::array texts(const Values& values) {
  json::array array;
  for (const auto& value : values) array.push_back(json::value(value));
  return array;
}

json::value verdict_value(const Device& device, std::span<const Standing> makers) {
  if (!device.verdict) return nullptr;
  json::array witnesses;
  for (const Witness& witness : makers.front().witnesses) {
    witnesses.push_back(
        json::object{{"witness", witness.name}, {"certainty", rounded(witness.certainty)}});
  }
  return {{"supplier", device.verdict->supplier},
          {"grade", to_string(device.verdict->grade)},
          {"certainty", rounded(device.verdict->certainty)},
          {"witnesses", std::move(witnesses)}};
}

/// Who else may have made it, by what the device says or bears.
json::array contradictions(const Device& device, std::span<const Standing> makers) {
  json::array array;
  for (const Standing& one : makers.subspan(device.verdict ? 1 : 0)) {
    array.push_back(json::object{{"maker", one.maker},
                                 {"supplier", one.is_supplier ? json::value(one.maker) : nullptr},
                                 {"certainty", rounded(one.certainty)}});
  }
  // The only maker that is named is no contradiction, though the rules do not know him.
  if (!device.verdict && array.size() == 1) array.clear();
  return array;
}

/// That several systems speak from one address, with the frames that show it.
void add_systems(const Device& device, const Names& names, json::array& array) {
  std::vector<const Claim*> systems = several_systems(device);
  if (systems.empty()) return;
  json::array evidence;
  std::string text;
  for (const Claim* claim : systems) {
    text += (text.empty() ? "" : ", ") + claim->value;
    evidence.push_back(json::object{{"value", claim->value},
                                    {"text", claim->text},
                                    {"capture", names.source(claim->source)},
                                    {"frame", claim->frame}});
  }
  array.push_back(json::object{{"finding", "several_systems"},
                               {"text", std::move(text)},
                               {"evidence", std::move(evidence)}});
}

/// The policies that name it, then what else an analyst should know.
json::array findings(const Device& device, std::span<const Hit> hits, const Names& names) {
  json::array array;
  for (const Hit& hit : hits) {
    array.push_back(json::object{{"policy", hit.policy->id},
                                 {"entry", hit.entry->supplier},
                                 {"aspect", to_string(hit.aspect)},
                                 {"severity", to_string(hit.entry->severity)},
                                 {"scope", hit.entry->scope},
                                 {"source", hit.entry->source}});
  }
  add_systems(device, names, array);
  return array;
}

json::object device_object(const Device& device, std::span<const Hit> hits, const Names& names) {
  std::vector<std::string> macs, ips, policies;
  for (const Mac& mac : device.macs) macs.push_back(to_string(mac));
  for (const DeviceAddress& address : device.addresses) ips.push_back(to_string(address.ip));
  for (const Hit& hit : hits) {
    if (policies.empty() || policies.back() != hit.policy->id) policies.push_back(hit.policy->id);
  }
  std::vector<Standing> makers = standings(device, Aspect::platform);
  return {{"kind", "device"},
          {"id", device.id},
          {"context", context_object(device.key.context, names)},
          {"role", to_string(device.role)},
          {"mac_administration", !device.key.mac             ? json::value(nullptr)
                                 : device.key.mac.is_local() ? "local"
                                                             : "universal"},
          {"macs", texts(macs)},
          {"ips", texts(ips)},
          {"names", texts(device.names)},
          {"registrant", text_or_null(device.registrant)},
          {"verdict", verdict_value(device, makers)},
          {"contradictions", contradictions(device, makers)},
          {"brand", best_value(device, Aspect::brand)},
          {"sold_as", text_or_null(sold_as(device))},
          {"formerly", best_value(device, Aspect::former)},
          {"model", best_value(device, Aspect::model)},
          {"software", best_value(device, Aspect::software)},
          {"serial", best_value(device, Aspect::serial)},
          {"location",
           {{"switch", text_or_null(device.location_switch)},
            {"port", text_or_null(device.location_port)}}},
          {"policies", texts(policies)},
          {"findings", findings(device, hits, names)},
          {"claims", claims_array(device, {}, names)},
          {"first_seen", to_rfc3339(device.first_seen)},
          {"last_seen", to_rfc3339(device.last_seen)},
          {"packets", device.packets}};
}

json::object counts(const std::map<std::string, uint64_t>& counts) {
  json::object object;
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

std::string hash_of(std::string_view text) {
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

/// Of an event that nothing else names: what it is about and when, and who says so.
std::string event_id(std::string_view what, Timestamp time, const Names& names) {
  return hash_of(fmt::format("{}|{}|{}", what, time.time_since_epoch().count(), names.sensor));
}

/// Names the event and the sensor, where there is one, and makes the line.
Record finish(RecordKind kind, Timestamp time, std::string id, json::object object,
              const Names& names) {
  if (!names.sensor.empty()) {
    object["event_id"] = id;
    object["sensor"] = {{"name", names.sensor}, {"version", TAPWARDEN_VERSION}};
  }
  Record record{kind, time, json::serialize(object)};
  record.id = std::move(id);
  return record;
}

}  // namespace

Record device_record(const Device& device, std::span<const Hit> hits, const Names& names) {
  json::object object = device_object(device, hits, names);
  // Of all that it says: what is said again is the same, what has changed since is not.
  std::string id = hash_of(json::serialize(object) + names.sensor);
  Record record =
      finish(RecordKind::device, device.last_seen, std::move(id), std::move(object), names);
  record.key = device.id;
  return record;
}

namespace {

json::object policy_object(const Alert& alert, const Policies& policies) {
  json::object object{{"id", alert.policy}};
  const Policy* policy = policies.find(alert.policy);
  if (policy != nullptr) {
    object["title"] = policy->title;
    object["authority"] = policy->authority;
    object["policy_kind"] = to_string(policy->kind);
  }
  object["entry"] = alert.supplier;
  object["scope"] = alert.scope;
  if (policy == nullptr) return object;  // it was withdrawn since
  auto entry = std::ranges::find_if(policy->entries, [&](const PolicyEntry& one) {
    return one.supplier == alert.supplier && one.scope == alert.scope;
  });
  bool is_there = entry != policy->entries.end();
  if (is_there)
    object["from"] = entry->from ? json::value(date_text(*entry->from)) : json::value(nullptr);
  object["as_of"] = date_text(policy->as_of);
  if (is_there) object["source"] = entry->source;
  return object;
}

}  // namespace

json::object event_object(const AlertEvent& event) {
  return {{"event_id", event.id},
          {"event", to_string(event.kind)},
          {"state", to_string(event.state)},
          {"time", to_rfc3339(event.time)},
          {"changes", texts(event.changes)},
          {"actor", text_or_null(event.actor)},
          {"reason", text_or_null(event.reason)},
          {"until", event.until ? json::value(to_rfc3339(*event.until)) : json::value(nullptr)}};
}

Record alert_record(const Alert& alert, const AlertEvent& event, const Device* device,
                    std::span<const Hit> hits, const Policies& policies, const Names& names) {
  json::object object{{"kind", "alert"}, {"id", alert.id}};
  object["event_id"] = event.id;
  object["event"] = to_string(event.kind);
  object["state"] = to_string(event.state);
  object["severity"] = to_string(alert.severity);
  object["time"] = to_rfc3339(event.time);
  object["first_raised"] = to_rfc3339(alert.raised);
  for (auto& [key, value] : event_object(event)) object.emplace(key, value);
  object["policy"] = policy_object(alert, policies);
  if (device != nullptr) {
    object["device"] = device_object(*device, hits, names);
    object["evidence"] = claims_array(*device, alert.supplier, names);
  } else {
    object["device"] = {{"kind", "device"}, {"id", alert.device}};
    object["evidence"] = json::array();
  }
  Record record = finish(RecordKind::alert, event.time, event.id, std::move(object), names);
  record.key = alert.device;
  record.policy = alert.policy;
  record.severity = alert.severity;
  return record;
}

Record digest_record(const Digest& digest, const Names& names) {
  json::array policies;
  for (const auto& [id, count] : digest.policies)
    policies.push_back(json::object{{"id", id}, {"count", count}});
  json::object object{{"kind", "digest"},
                      {"time", to_rfc3339(digest.to)},
                      {"severity", to_string(digest.severity)},
                      {"from", to_rfc3339(digest.from)},
                      {"to", to_rfc3339(digest.to)},
                      {"held_back", digest.count},
                      {"policies", std::move(policies)},
                      {"alerts", texts(digest.alerts)},
                      {"alerts_omitted", 0}};
  // Of what it holds, not of when it is told: after a crash the same is told again.
  std::string id = hash_of(fmt::format("digest|{}|{}", digest.first, digest.count));
  Record record = finish(RecordKind::digest, digest.to, std::move(id), std::move(object), names);
  record.severity = digest.severity;
  return record;
}

Record health_record(const Health& health, Timestamp time, const Names& names) {
  Severity severity = health.is_degraded ? Severity::high : Severity::low;
  json::object object{{"kind", "health"},
                      {"time", to_rfc3339(time)},
                      {"severity", to_string(severity)},
                      {"component", health.component},
                      {"name", health.name},
                      {"status", health.is_degraded ? "degraded" : "ok"},
                      {"message", health.message}};
  Record record =
      finish(RecordKind::health, time, event_id(health.component + health.name, time, names),
             std::move(object), names);
  record.severity = severity;
  return record;
}

Record summary_record(const Summary& summary, Timestamp time, const Names& names) {
  json::object object{{"kind", "summary"},
                      {"files", summary.files},
                      {"files_failed", summary.files_failed},
                      {"received", summary.received},
                      {"dropped", summary.dropped},
                      {"observations_dropped", summary.observations_dropped},
                      {"packets", summary.packets},
                      {"decoded", summary.decoded},
                      {"undecoded", counts(summary.undecoded)},
                      {"opaque", counts(summary.opaque)},
                      {"tunnelled", counts(summary.tunnelled)},
                      {"malformed", counts(summary.malformed)},
                      {"cut", counts(summary.cut)},
                      {"devices", summary.devices},
                      {"flagged", summary.flagged},
                      {"alerts", summary.alerts},
                      {"bounds", counts(summary.bounds)}};
  return finish(RecordKind::summary, time, event_id("summary", time, names), std::move(object),
                names);
}

}  // namespace tapwarden
