// SPDX-License-Identifier: Apache-2.0
#include "deliver/formats/fields.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/text.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

const json::object& child(const json::object& object, std::string_view key) {
  static const json::object none;
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

const json::array& list(const json::object& object, std::string_view key) {
  static const json::array none;
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

std::string text_of(const json::value& value) {
  return value.is_string() ? shortened(std::string_view(value.get_string()), field_text_max)
                           : std::string();
}

std::string text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string() : text_of(*value);
}

std::optional<double> real(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  double number = value->to_number<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// Whole and not negative: there is no other in a record.
std::optional<int64_t> whole(const json::value& value) {
  constexpr int64_t most = std::numeric_limits<int64_t>::max();
  if (value.is_uint64()) return value.get_uint64() > most ? most : int64_t(value.get_uint64());
  if (value.is_int64() && value.get_int64() >= 0) return value.get_int64();
  return std::nullopt;
}

std::optional<int64_t> whole(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::nullopt : whole(*value);
}

std::optional<Timestamp> time(const json::object& object, std::string_view key) {
  return parse_time(text(object, key));
}

bool is_address(const std::string& address, int family) {
  in6_addr octets;  // has room for both
  return address.find('\0') == std::string::npos &&
         ::inet_pton(family, address.c_str(), &octets) == 1;
}

bool is_ip(const std::string& address) {
  return is_address(address, AF_INET) || is_address(address, AF_INET6);
}

bool is_mac(const std::string& address) {
  if (address.size() != 17) return false;
  for (size_t i = 0; i < address.size(); ++i) {
    bool hex = (address[i] >= '0' && address[i] <= '9') || (address[i] >= 'a' && address[i] <= 'f');
    if (i % 3 == 2 ? address[i] != ':' : !hex) return false;
  }
  return true;
}

bool is_text(const std::string& one) { return !one.empty(); }

/// Those that are good, up to the bound.
std::vector<std::string> texts(const json::object& object, std::string_view key,
                               bool (*is_good)(const std::string&) = is_text,
                               size_t bound = field_list_max) {
  std::vector<std::string> found;
  for (const json::value& value : list(object, key)) {
    if (found.size() == bound) break;
    std::string one = text_of(value);
    if (is_good(one)) found.push_back(std::move(one));
  }
  return found;
}

EndpointFields endpoint(const json::object& object) {
  EndpointFields fields{text(object, "ip"), whole(object, "port")};
  if (!is_ip(fields.ip)) fields.ip.clear();
  if (fields.port && *fields.port > 65535) fields.port.reset();
  return fields;
}

ClaimFields claim(const json::object& object) {
  const json::object& flow = child(object, "flow");
  return {
      text(object, "aspect"),          text(object, "value"),          text(object, "supplier"),
      text(object, "protocol"),        text(object, "field"),          text(object, "text"),
      text(object, "capture"),         text(object, "rule"),           real(object, "certainty"),
      whole(object, "frame"),          time(object, "time"),           text(flow, "community_id"),
      endpoint(child(flow, "source")), endpoint(child(flow, "target"))};
}

DeviceFields device(const json::object& object) {
  DeviceFields fields;
  for (auto [key, member] :
       std::initializer_list<std::pair<const char*, std::string DeviceFields::*>>{
           {"id", &DeviceFields::id},
           {"role", &DeviceFields::role},
           {"mac_administration", &DeviceFields::mac_administration},
           {"registrant", &DeviceFields::registrant},
           {"brand", &DeviceFields::brand},
           {"sold_as", &DeviceFields::sold_as},
           {"model", &DeviceFields::model},
           {"software", &DeviceFields::software},
           {"serial", &DeviceFields::serial}}) {
    fields.*member = text(object, key);
  }
  const json::object& verdict = child(object, "verdict");
  fields.supplier = text(verdict, "supplier");
  fields.grade = text(verdict, "grade");
  fields.certainty = real(verdict, "certainty");
  fields.location_switch = text(child(object, "location"), "switch");
  fields.location_port = text(child(object, "location"), "port");
  const json::object& context = child(object, "context");
  fields.tap = text(context, "tap");
  fields.tunnel = text(child(context, "tunnel"), "kind");
  fields.tunnel_id = whole(child(context, "tunnel"), "id");
  for (const json::value& value : list(context, "vlans")) {
    std::optional<int64_t> vlan = whole(value);
    if (vlan && *vlan < 4096 && fields.vlans.size() < field_list_max) fields.vlans.push_back(*vlan);
  }
  fields.macs = texts(object, "macs", is_mac);
  fields.ips = texts(object, "ips", is_ip);
  fields.names = texts(object, "names");
  fields.policies = texts(object, "policies");
  fields.first_seen = time(object, "first_seen");
  fields.last_seen = time(object, "last_seen");
  fields.packets = whole(object, "packets");
  return fields;
}

AlertFields alert(const json::object& object) {
  const json::object& policy = child(object, "policy");
  AlertFields fields{text(object, "id"),
                     text(object, "event"),
                     text(object, "state"),
                     text(object, "actor"),
                     text(object, "reason"),
                     time(object, "first_raised"),
                     time(object, "until"),
                     texts(object, "changes"),
                     {text(policy, "id"), text(policy, "title"), text(policy, "authority"),
                      text(policy, "policy_kind"), text(policy, "entry"), text(policy, "scope"),
                      text(policy, "from"), text(policy, "as_of"), text(policy, "source")},
                     {}};
  for (const json::value& one : list(object, "evidence")) {
    if (fields.evidence.size() == field_list_max) break;
    if (one.is_object()) fields.evidence.push_back(claim(one.get_object()));
  }
  return fields;
}

DigestFields digest(const json::object& object) {
  DigestFields fields{time(object, "from"),
                      time(object, "to"),
                      whole(object, "held_back"),
                      whole(object, "alerts_omitted"),
                      {},
                      {}};
  for (const json::value& one : list(object, "policies")) {
    if (fields.policies.size() == field_list_max) break;
    std::string id = one.is_object() ? text(one.get_object(), "id") : std::string();
    if (!id.empty()) fields.policies.emplace_back(id, whole(one.get_object(), "count").value_or(0));
  }
  fields.alerts = texts(object, "alerts", is_text, field_ids_max);
  if (size_t given = list(object, "alerts").size(); given > fields.alerts.size())
    fields.alerts_omitted =
        fields.alerts_omitted.value_or(0) + int64_t(given - fields.alerts.size());
  return fields;
}

SummaryFields summary(const json::object& object) {
  SummaryFields fields;
  for (const auto& [key, value] : object) {
    if (fields.counts.size() + fields.groups.size() >= field_list_max) break;
    if (std::optional<int64_t> number = whole(value)) {
      fields.counts.emplace_back(shortened(key, field_text_max), *number);
    } else if (value.is_object() && key != "sensor") {
      std::vector<Count> counts;
      for (const auto& [name, count] : value.get_object()) {
        if (counts.size() == field_list_max) break;
        if (std::optional<int64_t> one = whole(count))
          counts.emplace_back(shortened(name, field_text_max), *one);
      }
      fields.groups.emplace_back(shortened(key, field_text_max), std::move(counts));
    }
  }
  return fields;
}

RecordKind kind_of(const json::object& line) {
  std::string name = text(line, "kind");
  for (size_t i = 0; i < record_kinds_count; ++i) {
    if (to_string(RecordKind(i)) == name) return RecordKind(i);
  }
  throw std::invalid_argument(name.empty() ? "a record without a kind"
                                           : "a record of no known kind: " + name);
}

/// `count` digits at `text`, which loses them.
std::optional<int> digits(std::string_view& text, size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  for (char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool skip(std::string_view& text, std::string_view any) {
  if (text.empty() || any.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Nine digits at most count; a fraction that has none is none.
std::optional<std::chrono::nanoseconds> fraction(std::string_view& text) {
  if (!skip(text, ".")) return std::chrono::nanoseconds(0);
  int64_t nanoseconds = 0;
  int64_t unit = 100'000'000;
  size_t count = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++count) {
    nanoseconds += unit * (text.front() - '0');
    unit /= 10;
    text.remove_prefix(1);
  }
  if (count == 0) return std::nullopt;
  return std::chrono::nanoseconds(nanoseconds);
}

std::optional<std::chrono::minutes> offset(std::string_view& text) {
  if (skip(text, "Zz")) return std::chrono::minutes(0);
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  std::optional<int> hours = digits(text, 2);
  if (!hours || !skip(text, ":")) return std::nullopt;
  std::optional<int> minutes = digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return std::chrono::minutes(sign * (*hours * 60 + *minutes));
}

}  // namespace

RecordFields read_fields(const json::object& line, const Record& record) {
  RecordFields fields;
  fields.kind = kind_of(line);
  fields.id = text(line, "event_id");
  if (fields.id.empty()) fields.id = shortened(repaired(record.id), field_text_max);
  fields.time = time(line, "time").value_or(record.time);
  fields.severity = text(line, "severity");
  fields.sensor = text(child(line, "sensor"), "name");
  fields.version = text(child(line, "sensor"), "version");
  if (fields.version.empty()) fields.version = TAPWARDEN_VERSION;
  switch (fields.kind) {
    case RecordKind::device:
      fields.device = device(line);
      break;
    case RecordKind::alert:
      fields.alert = alert(line);
      fields.device = device(child(line, "device"));
      break;
    case RecordKind::digest:
      fields.digest = digest(line);
      break;
    case RecordKind::health:
      fields.health = {text(line, "component"), text(line, "name"), text(line, "status"),
                       text(line, "message")};
      break;
    case RecordKind::summary:
      fields.summary = summary(line);
      break;
  }
  return fields;
}

std::optional<int64_t> SummaryFields::count(std::string_view name) const {
  auto found = std::ranges::find(counts, name, &Count::first);
  return found == counts.end() ? std::nullopt : std::optional(found->second);
}

std::string repaired(std::string_view text) {
  std::string whole;
  while (true) {
    size_t good = utf8_prefix(text);
    whole += text.substr(0, good);
    if (good == text.size()) return whole;
    whole += "\uFFFD";
    text.remove_prefix(good + 1);
  }
}

std::string shortened(std::string_view text, size_t bound) {
  constexpr std::string_view ellipsis = "\u2026";
  if (text.size() <= bound) return std::string(text);
  size_t end = bound < ellipsis.size() ? 0 : bound - ellipsis.size();
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  std::string cut(text.substr(0, end));
  if (bound >= ellipsis.size()) cut += ellipsis;
  return cut;
}

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string all;
  for (const std::string& one : texts) {
    if (!all.empty()) all += between;
    all += one;
  }
  return all;
}

std::optional<Timestamp> parse_time(std::string_view text) {
  using namespace std::chrono;
  std::optional<int> parts[6];
  static constexpr std::string_view behind[6] = {"-", "-", "Tt ", ":", ":", ""};
  for (size_t i = 0; i < 6; ++i) {
    parts[i] = digits(text, i == 0 ? 4 : 2);
    if (!parts[i] || (!behind[i].empty() && !skip(text, behind[i]))) return std::nullopt;
  }
  std::optional<nanoseconds> part = fraction(text);
  std::optional<minutes> east = part ? offset(text) : std::nullopt;
  year_month_day date{year(*parts[0]), month(unsigned(*parts[1])), day(unsigned(*parts[2]))};
  if (!east || !text.empty() || !date.ok() || *parts[3] > 23 || *parts[4] > 59 || *parts[5] > 60)
    return std::nullopt;
  // Nanoseconds reach from 1678 to 2261; no record is of another time.
  if (date.year() < year(1700) || date.year() > year(2200)) return std::nullopt;
  return Timestamp(sys_days(date)) + hours(*parts[3]) + minutes(*parts[4]) + seconds(*parts[5]) +
         *part - *east;
}

int64_t milliseconds(Timestamp time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

bool is_ipv4(const std::string& address) { return is_address(address, AF_INET); }

std::string best_ip(const DeviceFields& device) {
  auto ipv4 = std::ranges::find_if(device.ips, is_ipv4);
  if (ipv4 != device.ips.end()) return *ipv4;
  return device.ips.empty() ? std::string() : device.ips.front();
}

}  // namespace tapwarden
