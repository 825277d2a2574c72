// SPDX-License-Identifier: Apache-2.0
// How what Store wrote down is read again: what this version does not know any more is passed over.
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <iterator>
#include <stdexcept>

#include "state/store.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

constexpr Aspect kLastAspect = Aspect::former;

Timestamp time_at(int64_t count) { return Timestamp(std::chrono::nanoseconds(count)); }

/// None, and counted, where somebody has touched it.
template <typename Number>
std::optional<Number> read_number(const std::string& text, uint64_t& unreadable) {
  Number number = 0;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end) return number;
  ++unreadable;
  return std::nullopt;
}

std::vector<std::string> read_texts(const json::value& array) {
  std::vector<std::string> values;
  for (const json::value& value : array.as_array()) values.emplace_back(value.as_string());
  return values;
}

std::optional<Timestamp> read_until(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return time_at(row.number(column));
}

/// None where the tap is not one of this run.
std::optional<Context> read_context(const json::array& array, const Names& names) {
  Context context;
  auto tap = std::ranges::find(names.taps, std::string_view(array.at(0).as_string()));
  if (tap == names.taps.end()) return std::nullopt;
  context.tap = static_cast<uint16_t>(tap - names.taps.begin());
  for (const json::value& vlan : array.at(1).as_array()) {
    if (context.vlan_count < Context::vlans_max)
      context.vlan[context.vlan_count++] = vlan.to_number<uint16_t>();
  }
  auto tunnel = array.at(2).to_number<uint8_t>();
  if (tunnel >= tunnels_count) return std::nullopt;
  context.tunnel = Tunnel(tunnel);
  context.tunnel_id = array.at(3).to_number<uint32_t>();
  return context;
}

std::optional<HostKey> read_key(const json::array& array, const Names& names) {
  auto context = read_context(array, names);
  if (!context) return std::nullopt;
  HostKey key{*context, {}, {}};
  key.mac = parse_mac(array.at(4).as_string()).value_or(Mac{});
  key.ip = IpAddress::parse(array.at(5).as_string()).value_or(IpAddress());
  if (!key.mac && !key.ip) return std::nullopt;
  return key;
}

std::optional<Protocol> protocol_named(std::string_view name) {
  for (const ProtocolRow& row : protocol_table()) {
    if (row.name == name) return row.protocol;
  }
  return std::nullopt;
}

/// The place of a source's name; added where it is new.
uint32_t source_of(Names& names, std::string_view name) {
  auto found = std::ranges::find(names.sources, name);
  if (found == names.sources.end()) found = names.sources.emplace(names.sources.end(), name);
  return static_cast<uint32_t>(found - names.sources.begin());
}

Flow read_flow(std::string_view text) {
  if (text.empty()) return {};
  json::array array = json::parse(text).as_array();
  auto address = [&](size_t place) {
    return IpAddress::parse(array.at(place).as_string()).value_or(IpAddress());
  };
  return {address(1), address(3), array.at(2).to_number<uint16_t>(),
          array.at(4).to_number<uint16_t>(), array.at(0).to_number<uint8_t>()};
}

/// None where this version does not know the protocol or the field any more.
std::optional<Claim> read_claim(int64_t aspect, std::string_view protocol, std::string_view field) {
  auto known_protocol = protocol_named(protocol);
  auto known_field = parse_field(field);
  if (!known_protocol || !known_field || aspect < 0 || aspect > static_cast<int>(kLastAspect))
    return std::nullopt;
  Claim claim;
  claim.aspect = Aspect(aspect);
  claim.protocol = *known_protocol;
  claim.field = *known_field;
  return claim;
}

std::optional<Claim> read_claim(const json::object& object, Names& names) {
  auto claim = read_claim(object.at("aspect").to_number<int64_t>(),
                          object.at("protocol").as_string(), object.at("field").as_string());
  if (!claim) return std::nullopt;
  claim->value = object.at("value").as_string();
  claim->supplier = object.at("supplier").as_string();
  claim->certainty = object.at("certainty").to_number<double>();
  claim->rule = object.at("rule").as_string();
  claim->text = object.at("text").as_string();
  claim->frame = object.at("frame").to_number<uint64_t>();
  claim->source = source_of(names, object.at("source").as_string());
  claim->time = time_at(object.at("time").to_number<int64_t>());
  claim->flow = read_flow(object.at("flow").as_string());
  return claim;
}

void read_more(const std::string& text, Device& device, Names& names) {
  json::object object = json::parse(text).as_object();
  for (const json::value& one : object.at("aliases").as_array()) {
    if (auto key = read_key(one.as_array(), names)) device.aliases.push_back(*key);
  }
  for (const json::value& one : object.at("macs").as_array()) {
    if (auto mac = parse_mac(one.as_string())) device.macs.push_back(*mac);
  }
  for (const json::value& one : object.at("addresses").as_array()) {
    if (auto ip = IpAddress::parse(one.at(0).as_string()))
      device.addresses.push_back({*ip, one.at(1).as_bool()});
  }
  device.names = read_texts(object.at("names"));
  if (object.contains("former_ids")) device.former_ids = read_texts(object.at("former_ids"));
  if (object.contains("presences")) {
    for (const json::value& one : object.at("presences").as_array()) {
      if (auto context = read_context(one.at(0).as_array(), names))
        device.presences.push_back({*context, time_at(one.at(1).to_number<int64_t>())});
    }
  }
  for (const json::value& one : object.at("proofs").as_array())
    device.proofs.push_back(one.to_number<uint64_t>());
  device.is_arp_proxy = object.at("arp_proxy").as_bool();
  if (object.contains("role")) device.role_claim = read_claim(object.at("role").as_object(), names);
}

void read_more(const std::string& text, Alert& alert) {
  json::object object = json::parse(text).as_object();
  alert.subjects = read_texts(object.at("subjects"));
  alert.facts.grade = Grade(std::min<uint8_t>(object.at("grade").to_number<uint8_t>(),
                                              static_cast<uint8_t>(Grade::confirmed)));
  alert.facts.witnesses = read_texts(object.at("witnesses"));
  alert.facts.rivals = read_texts(object.at("rivals"));
  for (const json::value& one : object.at("places").as_array()) {
    AlertPlace& place = alert.facts.places.emplace_back();
    if (one.is_string()) {  // as it was written before places had more than a name
      place.name = one.as_string();
      place.location = object.at("location").as_string();
    } else {
      place.name = one.at("name").as_string();
      place.site = one.at("site").as_string();
      place.location = one.at("location").as_string();
    }
  }
  alert.pending = read_texts(object.at("pending"));
  alert.is_by_file = object.at("by_file").as_bool();
}

std::optional<Device> read_device(const Statement& row, Names& names) {
  json::array vlans;
  std::string list = row.text(2);
  for (const char* at = list.data(); at != list.data() + list.size();) {
    uint16_t vlan = 0;
    auto [end, error] = std::from_chars(at, list.data() + list.size(), vlan);
    if (error != std::errc()) break;
    vlans.push_back(vlan);
    at = end == list.data() + list.size() ? end : end + 1;
  }
  auto key = read_key(
      {row.text(1), std::move(vlans), row.number(3), row.number(4), row.text(5), row.text(6)},
      names);
  if (!key || row.number(7) < 0 || row.number(7) > static_cast<int>(Role::remote))
    return std::nullopt;
  Device device;
  device.id = row.text(0);
  device.key = *key;
  device.role = Role(row.number(7));
  device.registrant = row.text(8);
  device.location_switch = row.text(9);
  device.location_port = row.text(10);
  device.first_seen = time_at(row.number(11));
  device.last_seen = time_at(row.number(12));
  device.heard = time_at(row.number(13));
  device.returned = time_at(row.number(14));
  device.away = std::chrono::nanoseconds(row.number(15));
  device.packets = static_cast<uint64_t>(row.number(16));
  read_more(row.text(17), device, names);
  return device;
}

void read_claims(Statement& statement, Device& device, Names& names) {
  statement << device.id;
  while (statement.step()) {
    auto claim = read_claim(statement.number(2), statement.text(7), statement.text(8));
    if (!claim) continue;
    claim->value = statement.text(3);
    claim->supplier = statement.text(4);
    claim->certainty = statement.real(5);
    claim->rule = statement.text(6);
    claim->text = statement.text(9);
    claim->frame = static_cast<uint64_t>(statement.number(10));
    claim->source = source_of(names, statement.text(11));
    claim->time = time_at(statement.number(12));
    claim->flow = read_flow(statement.text(13));
    auto ip = IpAddress::parse(statement.text(14)).value_or(IpAddress());
    device.evidence.push_back({std::move(*claim), ip, statement.number(15) != 0});
  }
}

/// The value at that place of an enum with so many; throws where it has no such place.
template <typename Value>
Value choice(int64_t place, size_t count) {
  if (place < 0 || static_cast<size_t>(place) >= count)
    throw std::out_of_range("the state holds what no version of this program wrote");
  return Value(place);
}

Alert read_alert(const Statement& row) {
  Alert alert;
  alert.id = row.text(0);
  alert.device = row.text(1);
  alert.policy = row.text(2);
  alert.supplier = row.text(3);
  alert.scope = row.text(4);
  alert.severity = choice<Severity>(row.number(5), severity_names.size());
  alert.aspect = choice<Aspect>(row.number(6), static_cast<size_t>(kLastAspect) + 1);
  alert.state = choice<AlertState>(row.number(7), std::size(alert_states));
  alert.is_standing = row.number(8) != 0;
  alert.raised = time_at(row.number(9));
  alert.changed = time_at(row.number(10));
  alert.heard = time_at(row.number(11));
  // It is written with events alone, the device's row whenever the device was heard. That somebody
  // is back who was gone is yet to be told.
  if (alert.state != AlertState::resolved)
    alert.heard = std::max(alert.heard, time_at(row.number(18)));
  alert.returned = time_at(row.number(12));
  alert.actor = row.text(13);
  alert.reason = row.text(14);
  alert.until = read_until(row, 15);
  alert.events = static_cast<uint64_t>(row.number(16));
  read_more(row.text(17), alert);
  return alert;
}

AlertEvent read_event(const Statement& row) {
  AlertEvent event;
  event.id = row.text(2);
  event.kind = choice<AlertEventKind>(row.number(3), std::size(alert_event_kinds));
  event.state = choice<AlertState>(row.number(4), std::size(alert_states));
  event.time = time_at(row.number(5));
  event.changes = read_texts(json::parse(row.text(6)));
  event.actor = row.text(7);
  event.reason = row.text(8);
  event.until = read_until(row, 9);
  event.is_told = row.number(10) != 0;
  event.is_held = row.number(11) != 0;
  return event;
}

/// A row that somebody has touched is left out and counted; the others are not lost with it.
template <typename Read>
void readable(uint64_t& unreadable, Statement& parts, Read&& read) {
  try {
    read();
  } catch (const DatabaseError&) {
    throw;
  } catch (const std::exception&) {
    ++unreadable;
    parts.run();  // to its end, so that it can be bound anew
  }
}

}  // namespace

Store::Restored Store::restore(Names& names, size_t devices_max) {
  Restored restored;
  Statement meta = database_.prepare("SELECT key, value FROM meta");
  while (meta.step()) {
    std::string key = meta.text(0);
    if (key != "seed" && key != "idle" && key != "sign_of_life") continue;
    std::string value = meta.text(1);
    if (key == "seed")
      restored.seed = read_number<uint64_t>(value, restored.unreadable);
    else if (auto time = read_number<int64_t>(value, restored.unreadable); time && key == "idle")
      restored.idle = std::chrono::nanoseconds(*time);
    else if (time)
      restored.stopped = time_at(*time);
  }
  Statement deliveries = database_.prepare("SELECT * FROM deliveries");
  while (deliveries.step()) {
    auto count = [&](int column) { return static_cast<uint64_t>(deliveries.number(column)); };
    restored.deliveries[deliveries.text(0)] = {count(1), count(2), count(3), count(4),
                                               count(5), count(6), count(7)};
  }
  // Those that an alert is about first: they must find room.
  Statement devices = database_.prepare(R"sql(
SELECT * FROM devices WHERE tap IN (SELECT value FROM json_each(?))
ORDER BY id IN (SELECT device FROM alerts) DESC, last_seen DESC LIMIT ?)sql");
  Statement claims = database_.prepare("SELECT * FROM claims WHERE device = ? ORDER BY place");
  json::array taps(names.taps.begin(), names.taps.end());
  devices << json::serialize(taps) << static_cast<int64_t>(devices_max);
  while (devices.step()) {
    readable(restored.unreadable, claims, [&] {
      auto device = read_device(devices, names);
      if (!device) return;
      read_claims(claims, *device, names);
      restored.devices.push_back(std::move(*device));
    });
  }
  Statement alerts = database_.prepare(R"sql(
SELECT alerts.*, ifnull(devices.heard, 0) FROM alerts LEFT JOIN devices ON devices.id = device)sql");
  Statement events = database_.prepare(R"sql(
SELECT * FROM timeline WHERE alert = ?1 AND (place = 0 OR place > ?2) ORDER BY place)sql");
  while (alerts.step()) {
    readable(restored.unreadable, events, [&] {
      Alert alert = read_alert(alerts);
      events << alert.id
             << static_cast<int64_t>(alert.events) - static_cast<int64_t>(Alert::timeline_max);
      while (events.step()) alert.timeline.push_back(read_event(events));
      if (alert.timeline.empty()) throw std::out_of_range("an alert that was never raised");
      restored.alerts.push_back(std::move(alert));
    });
  }
  return restored;
}

}  // namespace tapwarden
