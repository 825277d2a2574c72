// SPDX-License-Identifier: Apache-2.0
#include "state/store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include "state/schema.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

// The daemon ends within 2 s, and what it writes last may have to wait for somebody who holds the
// database.
constexpr std::chrono::milliseconds kBusyTimeout{500};

int64_t count(Timestamp time) { return time.time_since_epoch().count(); }

template <typename Values>
json::array texts(const Values& values) {
  json::array array;
  for (const auto& value : values) array.emplace_back(std::string_view(value));
  return array;
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

// --- flows: [protocol, source, its port, target, its port] ---------------------------------------

std::string text_of(const Flow& flow) {
  if (!flow) return {};
  return json::serialize(json::array{flow.ip_protocol, text_of(flow.source), flow.source_port,
                                     text_of(flow.target), flow.target_port});
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
          {"time", count(claim.time)},
          {"flow", text_of(claim.flow)}};
}

// --- devices -------------------------------------------------------------------------------------

std::string more_of(const Device& device, const Names& names) {
  json::array aliases, macs, addresses, proofs;
  for (const HostKey& key : device.aliases) aliases.push_back(key_array(key, names));
  for (const Mac& mac : device.macs) macs.emplace_back(to_string(mac));
  for (const DeviceAddress& one : device.addresses)
    addresses.push_back(json::array{to_string(one.ip), one.is_bound});
  for (uint64_t proof : device.proofs) proofs.emplace_back(proof);
  json::array presences;
  for (const Presence& one : device.presences) {
    presences.push_back(json::array{key_array({one.context, {}, {}}, names), count(one.heard)});
  }
  json::object object{{"aliases", std::move(aliases)},
                      {"macs", std::move(macs)},
                      {"former_ids", texts(device.former_ids)},
                      {"presences", std::move(presences)},
                      {"addresses", std::move(addresses)},
                      {"names", texts(device.names)},
                      {"proofs", std::move(proofs)},
                      {"arp_proxy", device.is_arp_proxy}};
  if (device.role_claim) object["role"] = claim_object(*device.role_claim, names);
  return json::serialize(object);
}

std::string vlans_of(const Context& context) {
  return fmt::format("{}", fmt::join(context.vlans(), ","));
}

// --- alerts --------------------------------------------------------------------------------------

json::array places_array(const std::vector<AlertPlace>& places) {
  json::array array;
  for (const AlertPlace& one : places)
    array.push_back({{"name", one.name}, {"site", one.site}, {"location", one.location}});
  return array;
}

std::string more_of(const Alert& alert) {
  const AlertFacts& facts = alert.facts;
  return json::serialize(json::object{{"subjects", texts(alert.subjects)},
                                      {"grade", static_cast<int>(facts.grade)},
                                      {"witnesses", texts(facts.witnesses)},
                                      {"rivals", texts(facts.rivals)},
                                      {"places", places_array(facts.places)},
                                      {"pending", texts(alert.pending)},
                                      {"by_file", alert.is_by_file}});
}

Statement& operator<<(Statement& statement, const std::optional<Timestamp>& time) {
  return time ? statement << count(*time) : statement << nullptr;
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
      remove_device_(database_.prepare("DELETE FROM devices WHERE id = ?")),
      remove_claims_(database_.prepare("DELETE FROM claims WHERE device = ?")),
      save_claim_(database_.prepare("INSERT INTO claims VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")),
      save_alert_(database_.prepare(
          "INSERT OR REPLACE INTO alerts VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")),
      save_event_(
          database_.prepare("INSERT OR REPLACE INTO timeline VALUES(?,?,?,?,?,?,?,?,?,?,?,?)")),
      trim_timeline_(database_.prepare(R"sql(
DELETE FROM timeline WHERE alert = ?1 AND (place >= ?2 OR (place > 0 AND place <= ?3)))sql")),
      remove_alert_(database_.prepare("DELETE FROM alerts WHERE id = ?")),
      remove_timeline_(database_.prepare("DELETE FROM timeline WHERE alert = ?")),
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
  for (const std::string& former : device.former_ids) {
    (remove_device_ << former).run();
    (remove_claims_ << former).run();
  }
  (remove_claims_ << device.id).run();
  int64_t place = 0;
  for (const Evidence& evidence : device.evidence) {
    const Claim& claim = evidence.claim;
    save_claim_ << device.id << place++ << static_cast<int64_t>(claim.aspect) << claim.value
                << claim.supplier << claim.certainty << claim.rule << to_string(claim.protocol)
                << to_string(claim.field) << claim.text << static_cast<int64_t>(claim.frame)
                << names.source(claim.source) << count(claim.time) << text_of(claim.flow)
                << text_of(evidence.ip) << static_cast<int64_t>(evidence.is_firm);
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
  // Also what is there of an alert of that id that was forgotten while nothing could be written.
  trim_timeline_ << alert.id << events << events - static_cast<int64_t>(Alert::timeline_max);
  trim_timeline_.run();
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

void Store::forget_alert(const std::string& id) {
  (remove_alert_ << id).run();
  (remove_timeline_ << id).run();
}

void Store::save_sign_of_life(Timestamp now, std::chrono::nanoseconds idle, uint64_t seed) {
  (save_meta_ << "sign_of_life" << std::to_string(count(now))).run();
  (save_meta_ << "idle" << std::to_string(idle.count())).run();
  (save_meta_ << "seed" << std::to_string(seed)).run();
}

void Store::save(const std::string& output, const Deliveries& deliveries) {
  Statement statement =
      database_.prepare("INSERT OR REPLACE INTO deliveries VALUES(?,?,?,?,?,?,?,?)");
  statement << output;
  for (uint64_t count :
       {deliveries.delivered, deliveries.retried, deliveries.set_aside, deliveries.lost,
        deliveries.dropped_devices, deliveries.dropped_alerts, deliveries.damaged})
    statement << static_cast<int64_t>(count);
  statement.run();
}

void Store::prove() {
  constexpr size_t kRoom = 256 << 10;
  in_transaction([&] { (save_meta_ << "room" << std::string(kRoom, ' ')).run(); });
  in_transaction([&] { database_.run("DELETE FROM meta WHERE key = 'room'"); });
}

void Store::forget_devices(Timestamp before, size_t devices_max) {
  Statement old = database_.prepare(R"sql(
DELETE FROM devices WHERE id NOT IN (SELECT device FROM alerts) AND (last_seen < ? OR id IN
  (SELECT id FROM devices ORDER BY last_seen DESC LIMIT -1 OFFSET ?)))sql");
  (old << count(before) << static_cast<int64_t>(devices_max)).run();
  database_.run("DELETE FROM claims WHERE device NOT IN (SELECT id FROM devices)");
}

}  // namespace tapwarden
