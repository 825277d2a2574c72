// SPDX-License-Identifier: Apache-2.0
// Records against the contract of the README: one JSON object a line, "kind" first.
#include "report/records.hpp"

#include <boost/json.hpp>

#include "support/catch.hpp"
#include "support/judged.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

namespace json = boost::json;

Claim claim(Aspect aspect, std::string value, std::string supplier, double certainty) {
  Claim claim;
  claim.aspect = aspect;
  claim.value = std::move(value);
  claim.supplier = std::move(supplier);
  claim.certainty = certainty;
  claim.rule = "a-rule";
  claim.protocol = Protocol::lldp;
  claim.field = Field::system_description;
  claim.text = "as said";
  claim.frame = 17;
  claim.source = 1;
  claim.time = at(90) + std::chrono::microseconds(5);
  return claim;
}

/// A device with all there is to tell.
Device camera() {
  Device device;
  device.id = "0123456789abcdef";
  device.key.mac = parse_mac("00:E0:FC:00:00:0A").value();
  device.key.context.vlan = {10, 20};
  device.key.context.vlan_count = 2;
  device.macs = {device.key.mac, parse_mac("02:00:00:00:00:0B").value()};
  device.addresses = {{IpAddress::parse("192.0.2.1").value(), true},
                      {IpAddress::parse("2001:DB8::1").value(), false}};
  device.names = {"cam", "kamera"};
  device.registrant = "Acme Ltd";
  device.location_switch = "sw";
  device.location_port = "7";
  device.evidence.push_back({claim(Aspect::platform, "Acme", "acme", 0.5), {}, true});
  device.evidence.push_back({claim(Aspect::brand, "Coyote", "", 0.9), {}, true});
  device.evidence.push_back({claim(Aspect::model, "C 1", "", 0.7), {}, true});
  device.evidence.push_back({claim(Aspect::software, "1.0", "", 0.7), {}, true});
  device.evidence.push_back({claim(Aspect::serial, "S1", "", 0.7), {}, true});
  device.evidence.push_back({claim(Aspect::platform, "Acme", "acme", 0.9), {}, true});
  device.verdict = Verdict{"acme", Grade::probable, 0.91234};
  device.is_flagged = true;
  device.first_seen = at(60);
  device.last_seen = at(120);
  device.packets = 12'000'000'000;
  return device;
}

json::object claim_json(const char* aspect, const char* value, json::value supplier,
                        double certainty) {
  return {{"aspect", aspect},     {"value", value},
          {"supplier", supplier}, {"certainty", certainty},
          {"protocol", "lldp"},   {"field", "system_description"},
          {"text", "as said"},    {"capture", "b.pcap"},
          {"frame", 17},          {"time", "2026-01-01T00:01:30.000005Z"},
          {"rule", "a-rule"}};
}

json::object finding_json(const char* policy, const char* severity, const char* scope,
                          const char* source) {
  return {{"policy", policy},     {"entry", "acme"}, {"aspect", "platform"},
          {"severity", severity}, {"scope", scope},  {"source", source}};
}

json::object camera_json() {
  return {{"kind", "device"},
          {"id", "0123456789abcdef"},
          {"context", {{"tap", "tap"}, {"vlans", {10, 20}}}},
          {"role", "station"},
          {"mac_administration", "universal"},
          {"macs", {"00:e0:fc:00:00:0a", "02:00:00:00:00:0b"}},
          {"ips", {"192.0.2.1", "2001:db8::1"}},
          {"names", {"cam", "kamera"}},
          {"registrant", "Acme Ltd"},
          {"verdict",
           {{"supplier", "acme"},
            {"grade", "probable"},
            {"certainty", 0.912},
            {"witnesses", {{{"witness", "lldp"}, {"certainty", 0.9}}}}}},
          {"contradictions", json::array()},
          {"brand", "Coyote"},
          {"sold_as", "Coyote"},
          {"formerly", nullptr},
          {"model", "C 1"},
          {"software", "1.0"},
          {"serial", "S1"},
          {"location", {{"switch", "sw"}, {"port", "7"}}},
          {"policies", {"ban", "list"}},
          {"findings",
           {finding_json("ban", "critical", "all", "Law 1, 2"),
            finding_json("ban", "critical", "cameras", "Law 1"),
            finding_json("list", "low", "all", "Law 1")}},
          {"claims",
           // Equally certain ones stand as they were said.
           {claim_json("brand", "Coyote", {}, 0.9), claim_json("platform", "Acme", "acme", 0.9),
            claim_json("model", "C 1", {}, 0.7), claim_json("software", "1.0", {}, 0.7),
            claim_json("serial", "S1", {}, 0.7), claim_json("platform", "Acme", "acme", 0.5)}},
          {"first_seen", "2026-01-01T00:01:00.000000Z"},
          {"last_seen", "2026-01-01T00:02:00.000000Z"},
          {"packets", 12'000'000'000}};
}

/// Equal in content, whatever the kinds of numbers; and a line that begins with its kind.
void is(const Record& record, const json::object& expected, std::string_view kind) {
  CHECK(record.line.starts_with("{\"kind\":\"" + std::string(kind) + "\","));
  CHECK(record.line.find('\n') == std::string::npos);
  json::value read = json::parse(record.line);
  CHECK(json::serialize(read) == json::serialize(json::parse(json::serialize(expected))));
}

}  // namespace

TEST_CASE("Records: a device with all there is to tell", "[records]") {
  JudgedNetwork network;
  std::vector<Hit> hits = network.alerts->hits(camera());
  REQUIRE(hits.size() == 3);
  Record record = device_record(camera(), hits, network.names);
  CHECK(record.kind == RecordKind::device);
  CHECK(record.time == at(120));
  is(record, camera_json(), "device");
}

TEST_CASE("Records: a device of which nothing is known", "[records]") {
  Device device;
  device.id = "0";
  device.key.ip = IpAddress::parse("10.0.0.1").value();
  device.key.context.tap = 9;  // of no name
  device.key.context.tunnel = Tunnel::vxlan;
  device.key.context.tunnel_id = 4'294'967'295;
  device.role = Role::routed;
  json::value none(nullptr);
  is(device_record(device, {}, Names{}),
     {{"kind", "device"},
      {"id", "0"},
      {"context",
       {{"tap", ""},
        {"vlans", json::array()},
        {"tunnel", {{"kind", "vxlan"}, {"id", 4'294'967'295}}}}},
      {"role", "routed"},
      {"mac_administration", none},
      {"macs", json::array()},
      {"ips", json::array()},
      {"names", json::array()},
      {"registrant", none},
      {"verdict", none},
      {"contradictions", json::array()},
      {"brand", none},
      {"sold_as", none},
      {"formerly", none},
      {"model", none},
      {"software", none},
      {"serial", none},
      {"location", {{"switch", none}, {"port", none}}},
      {"policies", json::array()},
      {"findings", json::array()},
      {"claims", json::array()},
      {"first_seen", "1970-01-01T00:00:00.000000Z"},
      {"last_seen", "1970-01-01T00:00:00.000000Z"},
      {"packets", 0}},
     "device");
}

TEST_CASE("Records: a private MAC is told as one", "[records]") {
  Device device;
  device.key.mac = parse_mac("02:00:00:00:00:01").value();
  json::value read = json::parse(device_record(device, {}, Names{}).line);
  CHECK(read.at("mac_administration") == "local");
}

TEST_CASE("Records: what says the same has the same id, and nothing else has", "[records]") {
  Device device = camera();
  Names hq{{"lab"}, {"lab"}, "hq"}, branch{{"lab"}, {"lab"}, "branch"};
  std::string id = device_record(device, {}, hq).id;
  CHECK(device_record(device, {}, hq).id == id);
  CHECK(device_record(device, {}, branch).id != id);
  device.evidence.pop_back();  // as when rules are read anew, and nobody speaks
  CHECK(device_record(device, {}, hq).id != id);
  Health health{"tap", "lab", true, "no carrier"};
  CHECK(health_record(health, at(1), hq).id == health_record(health, at(1), hq).id);
  CHECK(health_record(health, at(1), hq).id != health_record(health, at(1), branch).id);
}

TEST_CASE("Records: an alert has its entry, its device and the evidence for its supplier",
          "[records]") {
  JudgedNetwork network;
  Device device = camera();
  device.evidence.push_back({claim(Aspect::platform, "Bolt", "bolt", 0.9), {}, true});
  std::vector<Hit> hits = network.alerts->hits(device);
  Alert alert = alert_of(device, hits[0], {{"lab"}});
  Record record =
      alert_record(alert, alert.timeline.front(), &device, hits, network.policies, network.names);
  CHECK(record.kind == RecordKind::alert);
  CHECK(record.time == at(120));
  json::object told = camera_json();
  told["claims"].as_array().insert(told["claims"].as_array().begin() + 2,
                                   claim_json("platform", "Bolt", "bolt", 0.9));
  told["contradictions"] = {{{"maker", "bolt"}, {"supplier", "bolt"}, {"certainty", 0.9}}};
  is(record,
     {{"kind", "alert"},
      {"id", alert.id},
      {"event_id", alert.timeline.front().id},
      {"event", "raised"},
      {"state", "new"},
      {"severity", "critical"},
      {"time", "2026-01-01T00:02:00.000000Z"},
      {"first_raised", "2026-01-01T00:02:00.000000Z"},
      {"changes", json::array()},
      {"actor", nullptr},
      {"reason", nullptr},
      {"until", nullptr},
      {"policy",
       {{"id", "ban"},
        {"title", "The ban"},
        {"authority", "Somewhere"},
        {"policy_kind", "use_ban"},
        {"entry", "acme"},
        {"scope", "all"},
        {"from", "2020-01-01"},
        {"as_of", "2026-09-15"},
        {"source", "Law 1, 2"}}},
      {"device", told},
      {"evidence",
       {claim_json("platform", "Acme", "acme", 0.9), claim_json("platform", "Acme", "acme", 0.5)}}},
     "alert");
  Alert lesser = alert_of(device, hits[2], {{"lab"}});
  json::value other = json::parse(
      alert_record(lesser, lesser.timeline.front(), &device, hits, network.policies, network.names)
          .line);
  CHECK(other.at("severity") == "low");
  CHECK(other.at("policy").at("id") == "list");
  CHECK(other.at("policy").at("from").is_null());
  CHECK(other.at("policy").at("source") == "Law 1");
}

TEST_CASE("Records: hostile text stays text, in one line without a control character",
          "[records]") {
  std::string hostile = "\"},\\\n\r\t\x1b[31m\x01</script>\xe2\x80\xa8 \xf0\x9f\x93\xb7";
  Device device;
  device.names = {hostile, "\",\"kind\":\"alert"};
  device.registrant = device.location_switch = device.location_port = hostile;
  Claim said = claim(Aspect::model, hostile, "", 0.5);
  said.text = hostile;
  device.evidence.push_back({said, {}, true});
  std::string line = device_record(device, {}, {{hostile}, {"", hostile}}).line;
  for (char c : line) CHECK(static_cast<unsigned char>(c) >= 0x20);
  json::value read = json::parse(line);
  CHECK(read.at("kind") == "device");
  CHECK(read.at("names") == json::array{hostile, "\",\"kind\":\"alert"});
  CHECK(read.at("registrant") == hostile.c_str());
  CHECK(read.at("model") == hostile.c_str());
  CHECK(read.at("context").at("tap") == hostile.c_str());
  CHECK(read.at("location").at("switch") == hostile.c_str());
  CHECK(read.at("claims").at(0).at("text") == hostile.c_str());
  CHECK(read.at("claims").at(0).at("capture") == hostile.c_str());
}

TEST_CASE("Records: a summary has every number, also those that are 0", "[records]") {
  json::object none;
  json::object expected{{"kind", "summary"}, {"files", 0},        {"files_failed", 0},
                        {"received", 0},     {"dropped", 0},      {"observations_dropped", 0},
                        {"packets", 0},      {"decoded", 0},      {"undecoded", none},
                        {"opaque", none},    {"tunnelled", none}, {"malformed", none},
                        {"cut", none},       {"devices", 0},      {"flagged", 0},
                        {"alerts", 0},       {"bounds", none}};
  is(summary_record({}, {}, {}), expected, "summary");
  Summary summary;
  summary.files = 1;
  summary.files_failed = 2;
  summary.received = 3;
  summary.dropped = 4;
  summary.observations_dropped = 5;
  summary.packets = 6;
  summary.decoded = 7;
  summary.undecoded = {{"ipv4", 8}, {"llc", 9}};
  summary.opaque = {{"esp", 10}};
  summary.tunnelled = {{"gre", 11}};
  summary.malformed = {{"dhcp", 12}};
  summary.cut = {{"lldp", 13}};
  summary.devices = 14;
  summary.flagged = 15;
  summary.alerts = 16;
  summary.bounds = {{"devices_evicted", 17}};
  expected["files"] = 1;
  expected["files_failed"] = 2;
  expected["received"] = 3;
  expected["dropped"] = 4;
  expected["observations_dropped"] = 5;
  expected["packets"] = 6;
  expected["decoded"] = 7;
  expected["undecoded"] = {{"ipv4", 8}, {"llc", 9}};
  expected["opaque"] = {{"esp", 10}};
  expected["tunnelled"] = {{"gre", 11}};
  expected["malformed"] = {{"dhcp", 12}};
  expected["cut"] = {{"lldp", 13}};
  expected["devices"] = 14;
  expected["flagged"] = 15;
  expected["alerts"] = 16;
  expected["bounds"] = {{"devices_evicted", 17}};
  Record record = summary_record(summary, at(3), {});
  CHECK(record.kind == RecordKind::summary);
  CHECK(record.time == at(3));
  is(record, expected, "summary");
}

TEST_CASE("Records: a digest is named by what it holds, and as severe", "[records]") {
  Digest digest{.first = "event-1", .from = at(1), .to = at(60), .severity = Severity::critical};
  digest.count = 3;
  digest.policies = {{"ban", 3}};
  digest.alerts = {"a", "b"};
  Record record = digest_record(digest, {});
  CHECK(record.kind == RecordKind::digest);
  CHECK(record.severity == Severity::critical);
  CHECK(json::parse(record.line) ==
        json::value{{"kind", "digest"},
                    {"time", to_rfc3339(at(60))},
                    {"severity", "critical"},
                    {"from", to_rfc3339(at(1))},
                    {"to", to_rfc3339(at(60))},
                    {"held_back", 3},
                    {"policies", json::array{{{"id", "ban"}, {"count", 3}}}},
                    {"alerts", json::array{"a", "b"}},
                    {"alerts_omitted", 0}});
  Digest later = digest;
  later.to = at(90);
  CHECK(digest_record(later, {}).id == record.id);
  later.count = 4;
  CHECK(digest_record(later, {}).id != record.id);
  later = digest;
  later.first = "event-2";
  CHECK(digest_record(later, {}).id != record.id);
}

TEST_CASE("Records: what ails the sensor is of high severity, and that it is well of low",
          "[records]") {
  Record ill = health_record({"output", "siem", true, "no route"}, at(1), {});
  CHECK(ill.severity == Severity::high);
  CHECK(json::parse(ill.line).at("severity") == "high");
  Record well = health_record({"output", "siem", false, "it delivers again"}, at(2), {});
  CHECK(well.severity == Severity::low);
  CHECK(json::parse(well.line).at("severity") == "low");
}
