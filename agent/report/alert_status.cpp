// SPDX-License-Identifier: Apache-2.0
#include "report/alert_status.hpp"

#include <boost/json.hpp>

#include "report/records.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

json::value text_or_null(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::array texts(const std::vector<std::string>& values) {
  json::array array;
  for (const std::string& value : values) array.emplace_back(value);
  return array;
}

json::object short_device(const Alert& alert, const Device* device) {
  json::object object{{"kind", "device"}, {"id", alert.device}};
  if (device == nullptr) return object;
  json::array macs, ips;
  for (const Mac& mac : device->macs) macs.emplace_back(to_string(mac));
  for (const DeviceAddress& address : device->addresses) ips.emplace_back(to_string(address.ip));
  object["macs"] = std::move(macs);
  object["ips"] = std::move(ips);
  object["names"] = texts(device->names);
  for (Aspect aspect : {Aspect::brand, Aspect::model, Aspect::software, Aspect::serial}) {
    const Claim* claim = best(*device, aspect);
    object[to_string(aspect)] = text_or_null(claim == nullptr ? "" : claim->value);
  }
  object["last_seen"] = to_rfc3339(device->last_seen);
  return object;
}

/// What is not in the record of an event.
void add_standing(json::object& object, const Alert& alert) {
  object["state"] = to_string(alert.state);
  object["aspect"] = to_string(alert.aspect);
  object["standing"] = alert.is_standing;
  object["grade"] = to_string(alert.facts.grade);
  object["witnesses"] = texts(alert.facts.witnesses);
  object["rivals"] = texts(alert.facts.rivals);
  json::array places;
  std::string at;
  Timestamp last;
  for (const AlertPlace& place : alert.facts.places) {
    places.emplace_back(place.name);
    if (place.location.empty() || place.heard < last) continue;
    at = place.location;
    last = place.heard;
  }
  object["places"] = std::move(places);
  object["at"] = text_or_null(at);
  object["first_raised"] = to_rfc3339(alert.raised);
  object["changed"] = to_rfc3339(alert.changed);
  object["actor"] = text_or_null(alert.actor);
  object["reason"] = text_or_null(alert.reason);
  object["until"] = alert.until ? json::value(to_rfc3339(*alert.until)) : json::value(nullptr);
  object["events"] = alert.events;
}

}  // namespace

json::object alert_status(const Alert& alert, const Device* device) {
  json::object object{
      {"kind", "alert"},
      {"id", alert.id},
      {"severity", to_string(alert.severity)},
      {"policy", {{"id", alert.policy}, {"entry", alert.supplier}, {"scope", alert.scope}}}};
  add_standing(object, alert);
  object["device"] = short_device(alert, device);
  return object;
}

json::object alert_story(const Alert& alert, const Device* device, std::span<const Hit> hits,
                         const Policies& policies, const Names& names) {
  Record record = alert_record(alert, alert.timeline.back(), device, hits, policies, names);
  json::object object = json::parse(record.line).as_object();
  add_standing(object, alert);
  json::array timeline;
  for (const AlertEvent& event : alert.timeline) timeline.push_back(event_object(event));
  object["timeline"] = std::move(timeline);
  return object;
}

}  // namespace tapwarden
