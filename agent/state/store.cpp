// SPDX-License-Identifier: Apache-2.0
#include "state/store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <iterator>
#include <stdexcept>
#include <unordered_map>

#include "state/schema.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds kBusyTimeout{2000};

int64_t count(Timestamp time) { return time.time_since_epoch().count(); }
Timestamp time_at(int64_t count) { return Timestamp(std::chrono::nanoseconds(count)); }

template <typename Values>
json::array texts(const Values& values) {
  json::array array;
  for (const auto& value : values) array.emplace_back(std::string_view(value));
  return array;
}

std::vector<std::string> read_texts(const json::value& array) {
  std::vector<std::string> values;
  for (const json::value& value : array.as_array()) values.emplace_back(value.as_string());
  return values;
}

std::string text_of(const IpAddress& ip) { return ip ? to_string(ip) : std::string(); }

// --- keys: [tap, [VLANs], tunnel, tunnel's id, MAC, IP] ------------------------------------------

json::array key_array(const HostKey& key, const Names& names) {
  json::array vlans;
  for (uint16_t vlan : key.context.vlans()) vlans.push_back(vlan);
  return {names.tap(key.context.tap),
          std::move(vlans),
          static_cast<int>(key.context.tunnel),
          key.context.tunnel_id,
          key.mac ? to_string(key.mac) : std::string(),
          text_of(key.ip)};
}

std::optional<HostKey> read_key(const json::array& array, const Names& names) {
  HostKey key;
  auto tap = std::ranges::find(names.taps, std::string_view(array.at(0).as_string()));
  if (tap == names.taps.end()) return std::nullopt;
  key.context.tap = static_cast<uint16_t>(tap - names.taps.begin());
  for (const json::value& vlan : array.at(1).as_array()) {
    if (key.context.vlan_count < Context::vlans_max)
      key.context.vlan[key.context.vlan_count++] = vlan.to_number<uint16_t>();
  }
  auto tunnel = array.at(2).to_number<uint8_t>();
  if (tunnel >= tunnels_count) return std::nullopt;
  key.context.tunnel = Tunnel(tunnel);
  key.context.tunnel_id = array.at(3).to_number<uint32_t>();
  key.mac = parse_mac(array.at(4).as_string()).value_or(Mac{});
  key.ip = IpAddress::parse(array.at(5).as_string()).value_or(IpAddress());
  if (!key.mac && !key.ip) return std::nullopt;
  return key;
}

// --- claims --------------------------------------------------------------------------------------

json::object claim_object(const Claim& claim, const Names& names) {
  return {{"aspect", static_cast<int>(claim.aspect)},
          {"value", claim.value},
          {"supplier", claim.supplier},
          {"certainty", claim.certainty},
          {"rule", claim.rule},
          {"protocol", to_string(claim.protocol)},
          {"field", to_string(claim.field)},
          {"text", claim.text},
          {"frame", claim.frame},
          {"source", names.source(claim.source)},
          {"time", count(claim.time)}};
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

/// None where this version does not know the protocol or the field any more.
std::optional<Claim> read_claim(int64_t aspect, std::string_view protocol, std::string_view field) {
  auto known_protocol = protocol_named(protocol);
  auto known_field = parse_field(field);
  if (!known_protocol || !known_field || aspect < 0 || aspect > static_cast<int>(Aspect::identity))
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
  return claim;
}

// --- devices -------------------------------------------------------------------------------------

std::string more_of(const Device& device, const Names& names) {
  json::array aliases, macs, addresses, proofs;
  for (const HostKey& key : device.aliases) aliases.push_back(key_array(key, names));
  for (const Mac& mac : device.macs) macs.emplace_back(to_string(mac));
  for (const DeviceAddress& one : device.addresses)
    addresses.push_back(json::array{to_string(one.ip), one.is_bound});
  for (uint64_t proof : device.proofs) proofs.emplace_back(proof);
  json::object object{{"aliases", std::move(aliases)},     {"macs", std::move(macs)},
                      {"addresses", std::move(addresses)}, {"names", texts(device.names)},
                      {"proofs", std::move(proofs)},       {"arp_proxy", device.is_arp_proxy}};
  if (device.role_claim) object["role"] = claim_object(*device.role_claim, names);
  return json::serialize(object);
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
  for (const json::value& one : object.at("proofs").as_array())
    device.proofs.push_back(one.to_number<uint64_t>());
  device.is_arp_proxy = object.at("arp_proxy").as_bool();
  if (object.contains("role")) device.role_claim = read_claim(object.at("role").as_object(), names);
}

std::string vlans_of(const Context& context) {
  return fmt::format("{}", fmt::join(context.vlans(), ","));
}

// --- alerts --------------------------------------------------------------------------------------

std::string more_of(const Alert& alert) {
  const AlertFacts& facts = alert.facts;
  return json::serialize(json::object{{"subjects", texts(alert.subjects)},
                                      {"grade", static_cast<int>(facts.grade)},
                                      {"witnesses", texts(facts.witnesses)},
                                      {"rivals", texts(facts.rivals)},
                                      {"places", texts(facts.places)},
                                      {"location", facts.location}});
}

void read_more(const std::string& text, Alert& alert) {
  json::object object = json::parse(text).as_object();
  alert.subjects = read_texts(object.at("subjects"));
  alert.facts.grade = Grade(std::min<uint8_t>(object.at("grade").to_number<uint8_t>(),
                                              static_cast<uint8_t>(Grade::confirmed)));
  alert.facts.witnesses = read_texts(object.at("witnesses"));
  alert.facts.rivals = read_texts(object.at("rivals"));
  alert.facts.places = read_texts(object.at("places"));
  alert.facts.location = object.at("location").as_string();
}

Statement& operator<<(Statement& statement, const std::optional<Timestamp>& time) {
  return time ? statement << count(*time) : statement << nullptr;
}

std::optional<Timestamp> read_until(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return time_at(row.number(column));
}

}  // namespace

Store::Store(const std::filesystem::path& file)
    : database_(file, state_migrations, kBusyTimeout),
      save_device_(database_.prepare(R"sql(
INSERT INTO devices VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET
  role = excluded.role, registrant = excluded.registrant,
  location_switch = excluded.location_switch, location_port = excluded.location_port,
  first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen),
  heard = excluded.heard, returned = excluded.returned, away = excluded.away,
  packets = max(packets, excluded.packets), more = excluded.more)sql")),
      remove_claims_(database_.prepare("DELETE FROM claims WHERE device = ?")),
      save_claim_(database_.prepare("INSERT INTO claims VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")),
      save_alert_(database_.prepare(
          "INSERT OR REPLACE INTO alerts VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")),
      save_event_(
          database_.prepare("INSERT OR REPLACE INTO timeline VALUES(?,?,?,?,?,?,?,?,?,?,?,?)")),
      save_meta_(database_.prepare("INSERT OR REPLACE INTO meta VALUES(?,?)")) {}

void Store::save(const Device& device, const Names& names, bool with_claims) {
  const Context& context = device.key.context;
  save_device_ << device.id << names.tap(context.tap) << vlans_of(context)
               << static_cast<int64_t>(context.tunnel) << static_cast<int64_t>(context.tunnel_id)
               << (device.key.mac ? to_string(device.key.mac) : std::string())
               << text_of(device.key.ip) << static_cast<int64_t>(device.role) << device.registrant
               << device.location_switch << device.location_port << count(device.first_seen)
               << count(device.last_seen) << count(device.heard) << count(device.returned)
               << static_cast<int64_t>(device.away.count()) << static_cast<int64_t>(device.packets)
               << more_of(device, names);
  save_device_.run();
  if (!with_claims) return;
  (remove_claims_ << device.id).run();
  int64_t place = 0;
  for (const Evidence& evidence : device.evidence) {
    const Claim& claim = evidence.claim;
    save_claim_ << device.id << place++ << static_cast<int64_t>(claim.aspect) << claim.value
                << claim.supplier << claim.certainty << claim.rule << to_string(claim.protocol)
                << to_string(claim.field) << claim.text << static_cast<int64_t>(claim.frame)
                << names.source(claim.source) << count(claim.time) << text_of(evidence.ip)
                << static_cast<int64_t>(evidence.is_firm);
    save_claim_.run();
  }
}

void Store::save(const Alert& alert) {
  save_alert_ << alert.id << alert.device << alert.policy << alert.supplier << alert.scope
              << static_cast<int64_t>(alert.severity) << static_cast<int64_t>(alert.aspect)
              << static_cast<int64_t>(alert.state) << static_cast<int64_t>(alert.is_standing)
              << count(alert.raised) << count(alert.changed) << count(alert.heard)
              << count(alert.returned) << alert.actor << alert.reason << alert.until
              << static_cast<int64_t>(alert.events) << more_of(alert);
  save_alert_.run();
  auto events = static_cast<int64_t>(alert.events);
  auto size = static_cast<int64_t>(alert.timeline.size());
  for (int64_t i = 0; i < size; ++i) {
    const AlertEvent& event = alert.timeline[static_cast<size_t>(i)];
    save_event_ << alert.id << (i == 0 ? 0 : events - size + i) << event.id
                << static_cast<int64_t>(event.kind) << static_cast<int64_t>(event.state)
                << count(event.time) << json::serialize(texts(event.changes)) << event.actor
                << event.reason << event.until << static_cast<int64_t>(event.is_told)
                << static_cast<int64_t>(event.is_held);
    save_event_.run();
  }
}

void Store::save_sign_of_life(Timestamp now, uint64_t seed) {
  (save_meta_ << "sign_of_life" << std::to_string(count(now))).run();
  (save_meta_ << "seed" << std::to_string(seed)).run();
}

void Store::save_delivery(const std::string& output, const std::string& status) {
  Statement statement = database_.prepare("INSERT OR REPLACE INTO deliveries VALUES(?,?)");
  (statement << output << status).run();
}

void Store::forget_devices(Timestamp before, size_t devices_max) {
  Statement old = database_.prepare(R"sql(
DELETE FROM devices WHERE id NOT IN (SELECT device FROM alerts) AND (last_seen < ? OR id IN
  (SELECT id FROM devices ORDER BY last_seen DESC LIMIT -1 OFFSET ?)))sql");
  (old << count(before) << static_cast<int64_t>(devices_max)).run();
  database_.run("DELETE FROM claims WHERE device NOT IN (SELECT id FROM devices)");
}

namespace {

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
    auto ip = IpAddress::parse(statement.text(13)).value_or(IpAddress());
    device.evidence.push_back({std::move(*claim), ip, statement.number(14) != 0});
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
  alert.aspect = choice<Aspect>(row.number(6), static_cast<size_t>(Aspect::identity) + 1);
  alert.state = choice<AlertState>(row.number(7), std::size(alert_states));
  alert.is_standing = row.number(8) != 0;
  alert.raised = time_at(row.number(9));
  alert.changed = time_at(row.number(10));
  alert.heard = time_at(row.number(11));
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
    if (meta.text(0) == "seed") restored.seed = std::stoull(meta.text(1));
    if (meta.text(0) == "sign_of_life") restored.stopped = time_at(std::stoll(meta.text(1)));
  }
  // Those that an alert is about first: they must find room.
  Statement devices = database_.prepare(R"sql(
SELECT * FROM devices ORDER BY id IN (SELECT device FROM alerts) DESC, last_seen DESC LIMIT ?)sql");
  Statement claims = database_.prepare("SELECT * FROM claims WHERE device = ? ORDER BY place");
  devices << static_cast<int64_t>(devices_max);
  while (devices.step()) {
    readable(restored.unreadable, claims, [&] {
      auto device = read_device(devices, names);
      if (!device) return;
      read_claims(claims, *device, names);
      restored.devices.push_back(std::move(*device));
    });
  }
  Statement alerts = database_.prepare("SELECT * FROM alerts");
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
