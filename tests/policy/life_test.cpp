// SPDX-License-Identifier: Apache-2.0
// The life of an alert: what happens to it, told once each, and what operators and time do.
#include <fmt/format.h>

#include <memory>
#include <set>

#include "inventory/verdict.hpp"
#include "policy/alerts.hpp"
#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

Claim platform(std::string supplier, double certainty, Protocol protocol) {
  Claim claim;
  claim.aspect = Aspect::platform;
  claim.supplier = claim.value = std::move(supplier);
  claim.certainty = certainty;
  claim.protocol = protocol;
  return claim;
}

/// One policy with one entry, a camera that meets it, and all that is told of it.
struct Life {
  explicit Life(AlertSettings settings = {.gather = 0s}, std::string sensor = {}) {
    ban("{supplier: acme, scope: all, severity: high}");
    alerts = std::make_unique<Alerts>(
        policies, JudgeSettings{.as_of = 2026y / 1 / 1}, settings,
        Standpoint{{"east", "west"}, std::move(sensor)},
        [this](const Alert& alert, const AlertEvent& event, const Device*) {
          std::string line = fmt::format("{}, {}{}", to_string(event.kind), to_string(event.state),
                                         event.is_told ? "" : ", untold");
          for (const std::string& change : event.changes) line += ": " + change;
          events.push_back(line);
          ids.push_back(event.id);
          last = alert.id;
        });
    camera.id = "camera";
    camera.key.mac = parse_mac("00:00:5e:aa:00:01").value();
    camera.macs = {camera.key.mac};
    camera.last_seen = camera.heard = at(60);
    say(platform("acme", 0.8, Protocol::arp));
  }
  /// The policy says this from now on.
  void ban(const std::string& entries) {
    rules.write("ban.yaml",
                "id: ban\ntitle: T\nauthority: A\nkind: use_ban\nsource: S\nas_of: 2026-01-01\n"
                "entries: [" +
                    entries + "]\n");
    Diagnostics diagnostics;
    std::vector<std::filesystem::path> directories{rules.path()};
    policies = Policies::load(directories, made_up_knowledge().suppliers, diagnostics);
    REQUIRE(told(diagnostics) == Lines{});
  }
  void say(Claim claim) {
    camera.evidence.push_back({std::move(claim), {}, true});
    camera.verdict = weigh(camera);
  }
  void judge() { alerts->judge(camera); }
  Lines news() { return std::exchange(events, {}); }
  const Alert& alert() const { return *alerts->find(last); }
  /// A file of authorisations with these rows.
  Authorisations file(std::string_view rows) const {
    std::vector<std::filesystem::path> files{
        may.write("may.yaml", "authorisations: [" + std::string(rows) + "]\n")};
    Diagnostics diagnostics;
    auto read =
        Authorisations::load(files, {policies, {}, made_up_knowledge().suppliers, {}}, diagnostics);
    REQUIRE(told(diagnostics) == Lines{});
    return read;
  }
  void authorise(std::string_view rows) {
    alerts->authorise_by(file(rows));
    judge();
    alerts->authorise_judged(at(100));
  }
  /// The same camera as another tap sees it.
  Device in_the_west() const {
    Device device = camera;
    device.id = "camera in the west";
    device.key.context.tap = 1;
    return device;
  }
  std::string act(Action::Kind kind, std::optional<Timestamp> until = {}) {
    return alerts->act(last, {kind, "ada", "because", until}, at(100), &camera);
  }

  Directory rules, may;
  Policies policies;
  std::unique_ptr<Alerts> alerts;
  Device camera;
  Lines events;
  Lines ids;
  std::string last;
};

}  // namespace

TEST_CASE("Life: a million judgements of one device are one event", "[alerts]") {
  Life life;
  for (int i = 0; i < 1'000'000; ++i) {
    life.camera.last_seen += 1ms;
    life.camera.heard += 1ms;
    life.judge();
  }
  CHECK(life.news() == Lines{"raised, new"});
  CHECK(life.alerts->size() == 1);
}

TEST_CASE("Life: better grades, further witnesses, another port, another VLAN", "[alerts]") {
  Life life;
  life.judge();
  life.camera.location_switch = "sw1";
  life.camera.location_port = "3";
  life.judge();
  life.say(platform("acme", 0.9, Protocol::lldp));
  life.judge();
  life.camera.location_port = "4";
  life.judge();
  life.judge();
  Device elsewhere = life.camera;
  elsewhere.id = "camera in VLAN 20";
  elsewhere.key.context.tap = 1;
  elsewhere.key.context.vlan[0] = 20;
  elsewhere.key.context.vlan_count = 1;
  life.alerts->judge(elsewhere);
  life.alerts->judge(elsewhere);
  CHECK(life.news() == Lines{"raised, new", "updated, open: at sw1 port 3",
                             "updated, open: grade probable to confirmed: further evidence: lldp",
                             "updated, open: moved from sw1 port 3 to sw1 port 4",
                             "updated, open: seen on tap west, VLAN 20"});
  CHECK(life.alerts->size() == 1);
  CHECK(std::set(life.ids.begin(), life.ids.end()).size() == 5);
}

TEST_CASE("Life: what comes soon after an event is told together", "[alerts]") {
  Life life({.gather = 60s});
  life.judge();
  life.camera.last_seen = at(70);
  life.say(platform("acme", 0.9, Protocol::lldp));
  life.judge();
  life.camera.location_switch = "sw1";
  life.judge();
  life.alerts->tell_gathered(at(119));
  CHECK(life.news() == Lines{"raised, new"});
  Alert kept = life.alert();
  life.alerts->tell_gathered(at(120));
  life.alerts->tell_gathered(at(600));
  Lines once{"updated, open: grade probable to confirmed: further evidence: lldp: at sw1 port ?"};
  CHECK(life.news() == once);
  Life after({.gather = 60s});
  after.last = kept.id;
  after.alerts->restore(kept);
  after.alerts->tell_gathered(at(600));
  CHECK(after.news() == once);
}

TEST_CASE("Life: the id is of the MAC address and not of the IP address", "[alerts]") {
  Life first;
  first.judge();
  Life second;
  second.camera.id = "of another tap";
  second.camera.addresses.push_back({IpAddress::parse("192.0.2.1").value(), true});
  second.judge();
  CHECK(first.last == second.last);
  Life routed;
  routed.camera.key.mac = {};
  routed.camera.macs.clear();
  routed.judge();
  CHECK(routed.last != first.last);
}

TEST_CASE("Life: an absence is told once, when it ends", "[alerts]") {
  Life life;
  life.judge();
  life.camera.last_seen = life.camera.heard = life.camera.returned = at(200'000);
  life.camera.away = 50h;
  for (int i = 0; i < 10; ++i) life.judge();
  CHECK(life.news() == Lines{"raised, new", "returned, open: after 2 days"});
}

TEST_CASE("Life: gone for long is resolved, and back is returned, once each", "[alerts]") {
  Life life({.gather = 0s, .resolve_after = 24h});
  life.judge();
  life.alerts->tick(at(60) + 24h);
  CHECK(life.news() == Lines{"raised, new"});
  life.alerts->tick(at(61) + 24h);
  life.alerts->tick(at(99) + 24h);
  CHECK(life.news() == Lines{"resolved, resolved: not seen for 24 hours"});
  life.camera.last_seen = life.camera.heard = life.camera.returned = at(60) + 48h;
  life.camera.away = 48h;
  life.judge();
  life.judge();
  life.alerts->tick(at(70) + 48h);
  CHECK(life.news() == Lines{"returned, reopened: after 2 days"});
}

TEST_CASE("Life: judged again without being heard is no return", "[alerts]") {
  Life life({.gather = 0s, .resolve_after = 24h});
  life.judge();
  life.alerts->tick(at(61) + 24h);
  life.news();
  for (int i = 0; i < 3; ++i) life.judge();
  life.alerts->heard(life.camera);
  CHECK(life.news() == Lines{});
  life.alerts->shift(100h, Timestamp::max());
  life.camera.heard += 100h;
  life.judge();
  CHECK(life.news() == Lines{});
  life.camera.last_seen = life.camera.heard = at(60) + 130h;
  life.alerts->heard(life.camera);
  life.judge();
  CHECK(life.news() == Lines{"returned, reopened"});
}

TEST_CASE("Life: what was heard meanwhile is no absence, nor is time without a listener",
          "[alerts]") {
  Life life({.gather = 0s, .resolve_after = 24h});
  life.judge();
  life.camera.heard = at(60) + 23h;
  life.alerts->heard(life.camera);
  life.alerts->tick(at(61) + 24h);
  life.alerts->shift(100h, Timestamp::max());
  life.alerts->tick(at(60) + 146h);
  CHECK(life.news() == Lines{"raised, new", "updated, open, untold: not new any more"});
  life.alerts->tick(at(60) + 148h);
  CHECK(life.news() == Lines{"resolved, resolved: not seen for 25 hours"});
}

TEST_CASE("Life: what speaks against it is told, and when nothing speaks for it any more",
          "[alerts]") {
  Life life;
  life.judge();
  life.say(platform("bolt", 0.79, Protocol::lldp));
  life.judge();
  life.judge();
  CHECK(life.news() == Lines{"raised, new", "contradicted, new: something speaks for bolt"});
  life.camera.evidence.erase(life.camera.evidence.begin());
  life.camera.verdict = weigh(life.camera);
  life.judge();
  life.judge();
  CHECK_FALSE(life.alert().is_standing);
  life.say(platform("acme", 0.8, Protocol::arp));
  life.say(platform("acme", 0.9, Protocol::snmp));
  life.judge();
  CHECK(life.news() ==
        Lines{"contradicted, open: what is known no longer meets the entry: it speaks for bolt",
              "updated, open: the evidence speaks for it again: grade probable to confirmed: "
              "further evidence: snmp"});
}

TEST_CASE("Life: what operators do, who may do what when", "[alerts]") {
  using Kind = Action::Kind;
  Life life;
  life.judge();
  life.news();
  CHECK(life.act(Kind::reopen) == "it is new as it is");
  CHECK(life.act(Kind::acknowledge) == "");
  CHECK(life.act(Kind::acknowledge) == "it is acknowledged: reopen it first");
  CHECK(life.alert().actor == "ada");
  CHECK(life.act(Kind::authorise, at(99)) == "that day is over already");
  CHECK(life.act(Kind::authorise, at(200)) == "");
  life.say(platform("acme", 0.9, Protocol::lldp));
  life.judge();
  life.alerts->tick(at(200));
  life.alerts->tick(at(201));
  CHECK(life.act(Kind::suppress) == "");
  life.say(platform("acme", 0.9, Protocol::snmp));
  life.judge();
  CHECK(life.act(Kind::reopen) == "");
  CHECK(life.news() ==
        Lines{"acknowledged, acknowledged", "authorised, authorised",
              "updated, authorised, untold: grade probable to confirmed: further evidence: lldp",
              "expired, reopened: the authorisation is over", "suppressed, suppressed",
              "updated, suppressed, untold: further evidence: snmp", "reopened, reopened"});
  CHECK(life.alerts->act("nobody", {}, at(1), nullptr) == "there is no alert nobody");
}

TEST_CASE("Life: reminders, only when asked for and only while nobody acts", "[alerts]") {
  Life silent;
  silent.judge();
  silent.alerts->tick(at(60) + 20h);
  CHECK(silent.news() == Lines{"raised, new"});
  silent.alerts->tick(at(61) + 24h);
  silent.alerts->tick(at(62) + 24h);
  CHECK(silent.news() == Lines{"updated, open, untold: not new any more"});
  CHECK(silent.alert().state == AlertState::open);
  Life life({.gather = 0s, .remind_after = 1h});
  life.judge();
  life.alerts->tick(at(61) + 1h);
  life.alerts->tick(at(61) + 90min);
  life.alerts->tick(at(62) + 2h);
  CHECK(life.news() == Lines{"raised, new", "reminded, open: nobody has acted on it",
                             "reminded, open: nobody has acted on it"});
  life.act(Action::Kind::acknowledge);
  life.news();
  life.alerts->tick(at(60) + 10h);
  CHECK(life.news() == Lines{});
}

TEST_CASE("Life: two devices that turn out to be one keep one alert", "[alerts]") {
  Life life;
  life.judge();
  Device other = life.camera;
  other.id = "other";
  other.key.mac = parse_mac("00:00:5e:aa:00:02").value();
  other.macs = {other.key.mac};
  other.last_seen = at(70);
  life.alerts->judge(other);
  CHECK(life.alerts->size() == 2);
  life.news();
  life.camera.aliases.push_back(other.key);
  life.judge();
  life.judge();
  REQUIRE(life.events.size() == 1);
  CHECK(life.news()[0].starts_with("resolved, resolved: the same device as that of alert "));
}

TEST_CASE("Life: a restored alert tells nothing again", "[alerts]") {
  Life life;
  life.judge();
  Alert kept = life.alert();
  Life after;
  after.alerts->restore(kept);
  after.judge();
  CHECK(after.news() == Lines{});
  after.say(platform("acme", 0.9, Protocol::lldp));
  after.judge();
  CHECK(after.news() ==
        Lines{"updated, open: grade probable to confirmed: further evidence: lldp"});
  life.say(platform("acme", 0.9, Protocol::lldp));
  life.judge();
  CHECK(life.ids.back() == after.ids.back());  // the same event has the same id
}

TEST_CASE("Life: what a file authorises it can change and take back", "[alerts]") {
  Life life;
  life.judge();
  life.news();
  const char* row = "{supplier: acme, by: ada, reason: lab, until: 2030-01-01}";
  life.authorise(row);
  life.authorise(row);
  Lines once{"authorised, authorised: a file of authorisations says so"};
  CHECK(life.news() == once);
  life.authorise("{supplier: acme, by: ada, reason: lab, until: 2031-01-01}");
  CHECK(life.news() == once);
  CHECK(life.alert().until == end_of(2031y / 1 / 1));
  life.authorise("");
  CHECK(life.news() == Lines{"reopened, reopened: no file authorises it any more"});
  life.authorise("");
  CHECK(life.news() == Lines{});
}

TEST_CASE("Life: what an operator authorises no file takes back", "[alerts]") {
  Life life;
  life.judge();
  CHECK(life.act(Action::Kind::authorise) == "");
  life.news();
  life.authorise("");
  CHECK(life.news() == Lines{});
  CHECK(life.alert().state == AlertState::authorised);
}

TEST_CASE("Life: a suppressed alert ends without a word where its device is another's",
          "[alerts]") {
  Life life;
  life.judge();
  Device other = life.camera;
  other.id = "other";
  other.key.mac = parse_mac("00:00:5e:aa:00:02").value();
  other.macs = {other.key.mac};
  other.last_seen = at(70);
  life.alerts->judge(other);
  life.act(Action::Kind::suppress);
  life.news();
  life.camera.aliases.push_back(other.key);
  life.judge();
  REQUIRE(life.events.size() == 1);
  CHECK(
      life.news()[0].starts_with("resolved, resolved, untold: the same device as that of alert "));
}

TEST_CASE("Life: whose address a device merely names is not that device", "[alerts]") {
  Life life;
  Device other = life.camera;
  other.id = "other";
  other.key.mac = parse_mac("00:00:5e:aa:00:02").value();
  other.macs = {other.key.mac, life.camera.key.mac};  // its own, and one that it speaks of
  life.judge();
  life.alerts->judge(other);
  life.judge();
  CHECK(life.news() == Lines{"raised, new", "raised, new"});
  CHECK(life.alerts->size() == 2);
}

TEST_CASE("Life: the alert of a device that turns out to be another is that one's", "[alerts]") {
  Life life;
  life.camera.key.mac = parse_mac("02:00:5e:aa:00:01").value();  // random: no name for good
  life.judge();
  std::string first = life.last;
  Device renewed = life.camera;
  renewed.id = "with its next address";
  renewed.key.mac = parse_mac("02:00:5e:aa:00:02").value();
  renewed.last_seen = at(70);
  life.alerts->judge(renewed);
  CHECK(life.news() == Lines{"raised, new", "raised, new"});
  life.camera.former_ids.push_back(renewed.id);
  life.judge();
  life.judge();
  CHECK(life.news() == Lines{"resolved, resolved: the same device as that of alert " + first});
  life.alerts->heard(life.camera);
  life.alerts->tick(at(80));
  CHECK(life.news() == Lines{});
  CHECK(life.alerts->find(first)->device == "camera");
}

TEST_CASE("Life: a resolved alert that joins another stays so", "[alerts]") {
  Life life({.gather = 0s, .resolve_after = 24h});
  life.judge();
  Device other = life.camera;
  other.id = "other";
  other.key.mac = parse_mac("00:00:5e:aa:00:02").value();
  other.heard = other.last_seen = at(60) + 1h;
  life.alerts->judge(other);
  life.alerts->tick(at(120) + 25h);
  life.news();
  life.camera.aliases.push_back(other.key);
  life.camera.heard = life.camera.last_seen = at(60) + 26h;
  for (int i = 0; i < 3; ++i) {
    life.judge();
    life.alerts->heard(life.camera);
  }
  CHECK(life.news() == Lines{"returned, reopened"});
}

TEST_CASE("Life: an absence ends once for all taps, and only where it was one", "[alerts]") {
  Life life;
  life.judge();
  Device west = life.in_the_west();
  life.alerts->judge(west);
  life.news();
  auto back = [](Device& device, Timestamp time, std::chrono::hours away) {
    device.last_seen = device.heard = device.returned = time;
    device.away = away;
  };
  west.heard = at(61);  // a little after it fell silent in the east
  life.alerts->heard(west);
  back(life.camera, at(60) + 50h, 50h);
  life.judge();
  back(west, at(61) + 50h, 50h);
  life.alerts->judge(west);
  CHECK(life.news() == Lines{"returned, open: after 2 days"});
  // Heard in the east all the time, in the west again after days.
  for (auto time = 51h; time < 120h; time += 1h) {
    life.camera.last_seen = life.camera.heard = at(60) + time;
    life.alerts->heard(life.camera);
  }
  back(west, at(60) + 120h, 70h);
  life.alerts->judge(west);
  CHECK(life.news() == Lines{});
}

TEST_CASE("Life: each place has its own port", "[alerts]") {
  Life life;
  life.camera.location_switch = "relay";
  life.camera.location_port = "vlan10/3";
  Device west = life.in_the_west();
  west.location_port = "vlan20/3";
  life.judge();
  life.alerts->judge(west);
  life.news();
  for (int i = 0; i < 3; ++i) {
    life.judge();
    life.alerts->judge(west);
  }
  CHECK(life.news() == Lines{});
}

TEST_CASE("Life: files of authorisations, in every place, in whatever order", "[alerts]") {
  const std::string north = "{supplier: acme, site: east, by: ada, reason: lab}";
  for (bool is_west_first : {false, true}) {
    Life life;
    life.judge();
    Device west = life.in_the_west();
    life.alerts->judge(west);
    life.news();
    auto judge_all = [&] {
      if (is_west_first) life.alerts->judge(west);
      life.judge();
      if (!is_west_first) life.alerts->judge(west);
      life.alerts->authorise_judged(at(100));
      return life.news();
    };
    auto rows = [&](const std::string& text) {
      life.alerts->authorise_by(life.file(text));
      return judge_all();
    };
    CHECK(rows(north) == Lines{});  // it is in the west too
    CHECK(judge_all() == Lines{});
    CHECK(rows(north + ", {supplier: acme, site: west, by: bob, reason: hall}") ==
          Lines{"authorised, authorised: a file of authorisations says so"});
    CHECK(life.alert().actor == "ada");
    for (int i = 0; i < 3; ++i) CHECK(judge_all() == Lines{});
    // By a serial number that it says in one place alone.
    Claim serial;
    serial.aspect = Aspect::serial;
    serial.value = "SN1";
    life.say(serial);
    CHECK(rows("{serial: SN1, by: eve, reason: own}") ==
          Lines{"authorised, authorised: a file of authorisations says so"});
    for (int i = 0; i < 3; ++i) CHECK(judge_all() == Lines{});
    CHECK(rows("") == Lines{"reopened, reopened: no file authorises it any more"});
    CHECK(life.alert().actor.empty());  // nobody has done that
    // Restored, and each device judged in its turn.
    rows(north + ", {supplier: acme, site: west, by: bob, reason: hall}");
    Life after;
    after.last = life.last;
    after.alerts->restore(life.alert());
    after.authorise(north + ", {supplier: acme, site: west, by: bob, reason: hall}");
    CHECK(after.news() == Lines{});
  }
}

TEST_CASE("Life: a line that is over authorises nobody, however long ago he was seen", "[alerts]") {
  Life life;
  Authorisations over = life.file("{supplier: acme, by: ada, reason: lab, until: 2026-01-02}");
  Timestamp now = at(60) + 72h;
  life.alerts = std::make_unique<Alerts>(life.policies, JudgeSettings{.as_of = 2026y / 1 / 1},
                                         AlertSettings{},
                                         Standpoint{{"east", "west"}, {}, [now] { return now; }},
                                         [&](const Alert&, const AlertEvent& event, const Device*) {
                                           life.events.emplace_back(to_string(event.kind));
                                           CHECK(event.time == now);
                                         });
  for (int i = 0; i < 3; ++i) {
    life.alerts->authorise_by(over);
    life.judge();
    life.alerts->authorise_judged(now);
    life.alerts->tick(now);
  }
  CHECK(life.news() == Lines{"raised"});
}

TEST_CASE("Life: what a file authorises no operator reopens", "[alerts]") {
  Life life;
  life.judge();
  life.authorise("{supplier: acme, by: ada, reason: lab}");
  life.news();
  CHECK(life.act(Action::Kind::reopen) ==
        "a file of authorisations says that it may be there: take it out of there and reload");
  CHECK(life.news() == Lines{});
}

TEST_CASE("Life: other words for an entry are the same entry", "[alerts]") {
  Life life;
  life.judge();
  CHECK(life.act(Action::Kind::suppress) == "");
  life.news();
  life.ban("{supplier: acme, scope: each and all, severity: high}");
  life.judge();
  CHECK(life.news() == Lines{});
  CHECK(life.alert().scope == "each and all");
  life.ban(
      "{supplier: acme, scope: each and all, severity: low}, "
      "{supplier: acme, scope: cameras, severity: high}");
  life.judge();
  CHECK(life.news() == Lines{"updated, suppressed, untold: severity high to low", "raised, new"});
}

TEST_CASE("Life: a policy that ends resolves, and one that begins again reopens", "[alerts]") {
  Life life;
  life.judge();
  life.ban("{supplier: bolt, scope: all, severity: high}");
  life.judge();
  life.judge();
  CHECK(life.news() ==
        Lines{"raised, new", "resolved, resolved: no policy in force names it any more"});
  life.ban("{supplier: acme, scope: all, severity: high}");
  life.judge();
  life.judge();
  CHECK(life.news() == Lines{"reopened, reopened: a policy in force names it again"});
}

TEST_CASE("Life: a clock that is set back silences nobody", "[alerts]") {
  Life life({.gather = 60s, .remind_after = 1h});
  life.judge();
  life.say(platform("acme", 0.9, Protocol::lldp));
  life.judge();
  life.alerts->tell_gathered(at(70) - 240h);
  CHECK(life.news() == Lines{"raised, new"});
  life.alerts->shift(-240h, at(71) - 240h);
  life.alerts->tell_gathered(at(121) - 240h);
  CHECK(life.news() == Lines{"updated, open: grade probable to confirmed: further evidence: lldp"});
  life.alerts->tick(at(130) - 239h);
  CHECK(life.news() == Lines{"reminded, open: nobody has acted on it"});
}

TEST_CASE("Life: an operator who looks anew at one that is gone has his time", "[alerts]") {
  Life life({.gather = 0s, .resolve_after = 24h});
  life.judge();
  life.alerts->tick(at(61) + 24h);
  CHECK(life.alerts->act(life.last, {Action::Kind::reopen, "ada", "look again"}, at(70) + 24h,
                         nullptr) == "");
  life.alerts->tick(at(80) + 24h);
  life.alerts->tick(at(70) + 48h);
  CHECK(life.alert().state == AlertState::reopened);
  life.alerts->tick(at(71) + 48h);
  CHECK(life.alert().state == AlertState::resolved);
  CHECK(life.alert().actor.empty());
}

TEST_CASE("Life: two events that say something else have another id, whatever was lost",
          "[alerts]") {
  Life life, lost;
  life.judge();
  lost.judge();
  CHECK(life.ids == lost.ids);
  life.say(platform("acme", 0.9, Protocol::lldp));
  life.judge();
  lost.say(platform("acme", 0.9, Protocol::snmp));
  lost.judge();
  CHECK(life.ids.back() != lost.ids.back());
  Life hq({.gather = 0s}, "hq"), branch({.gather = 0s}, "branch");
  hq.judge();
  branch.judge();
  CHECK(hq.last != branch.last);
  CHECK(hq.ids != branch.ids);
}

TEST_CASE("Life: an alert stands so long as one of its devices meets it", "[alerts]") {
  Life life;
  life.judge();
  Device west = life.in_the_west();
  life.alerts->judge(west);
  life.news();
  life.camera.evidence.clear();
  life.camera.verdict.reset();
  life.judge();
  CHECK(life.news() == Lines{});
  CHECK(life.alert().device == west.id);
  Life after;  // a restart, the one that meets it no more first
  after.last = life.last;
  after.alerts->restore(life.alert());
  Device camera = life.camera;
  after.alerts->judge(camera);
  after.alerts->judge(west);
  CHECK(after.news() == Lines{});
  // The two turn out to be one, and nothing speaks for it any more.
  life.camera.former_ids.push_back(west.id);
  life.judge();
  CHECK(life.news() == Lines{"contradicted, open: what is known no longer meets the entry: it "
                             "speaks for no maker that the rules know"});
}

TEST_CASE("Life: a move of a device that is heard in two places is told once", "[alerts]") {
  Life life;
  life.camera.location_switch = "sw1";
  life.camera.location_port = "3";
  Context west = life.camera.key.context;
  west.tap = 1;
  life.camera.presences = {{life.camera.key.context, at(60)}, {west, at(61)}};
  life.judge();
  life.news();
  life.camera.location_port = "4";
  life.judge();
  life.camera.presences[0].heard = at(70);
  life.judge();
  CHECK(life.news() == Lines{"updated, open: moved from sw1 port 3 to sw1 port 4"});
}

TEST_CASE("Life: nothing happened later than now, whatever the clock was set to", "[alerts]") {
  Life life({.gather = 60s, .resolve_after = 24h});
  life.judge();
  life.say(platform("acme", 0.9, Protocol::lldp));
  life.judge();
  life.alerts->shift(1'000'000h, at(100));
  life.alerts->tell_gathered(at(161));
  CHECK(life.news() == Lines{"raised, new",
                             "updated, open: grade probable to confirmed: further "
                             "evidence: lldp"});
  life.alerts->tick(at(200) + 25h);
  CHECK(life.news() == Lines{"resolved, resolved: not seen for 25 hours"});
}
