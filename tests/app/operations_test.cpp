// SPDX-License-Identifier: Apache-2.0
// What operators can ask of the daemon, and the socket at which they do.
#include "app/operations.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <set>

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

const Common& common() {
  static const Common common{
      .configuration = {}, .rules = rules_directory().string(), .knowledge = {}, .recog = {}};
  return common;
}

/// The rules that ship, read once; nothing in here changes them.
Setup& shipped() {
  static Setup setup = [] {
    Setup fresh = set_up(common());
    fresh.settings.alerts.to_stdout = false;
    fresh.settings.judge.as_of = 2026y / 9 / 15;
    return fresh;
  }();
  return setup;
}

/// A daemon without taps and without a state.
struct Office {
  Office()
      : names{{"tap"}, {"tap"}, "sensor"},
        outlets(loop, shipped().settings, std::make_shared<Forcer>(), [](const Health&) {}),
        control(shipped().rules, shipped().settings, Standpoint{{"tap"}},
                [this](const Alert& alert, const AlertEvent& event, const Device*) {
                  told.push_back(fmt::format("{} {}", to_string(event.kind), event.actor));
                  ids.insert(alert.id);
                }),
        memory(loop, shipped().settings, control, names, std::make_shared<Forcer>(),
               [](const Health&) {}),
        operations(
            loop, shipped(), common(), control, memory, outlets, names,
            [](const Operations::OnTaps& on_taps) {
              Summary summary;
              summary.received = 5;
              on_taps({{"tap", "eth0", summary}});
            },
            [] {
              return ControlSocket::Counters{4, 3, 2, 1};
            }) {
    control.observe(sighting(station("00:e0:fc:00:00:01", "192.0.2.1"), 1));
    control.observe(sighting(station("00:00:5e:00:53:01"), 2));
    told.clear();
  }

  /// The lines of the answer.
  std::vector<json::object> ask(const std::string& request) {
    std::string text;
    bool is_answered = false;
    operations(request, "ada", [&](const Answer& given) {
      is_answered = true;
      Answer answer = given;
      for (bool more = true; more;) {
        std::string piece;
        more = answer(piece);
        text += piece;
      }
    });
    loop.restart();
    loop.run();
    REQUIRE(is_answered);
    return parse(text);
  }
  static std::vector<json::object> parse(const std::string& text) {
    std::vector<json::object> lines;
    for (size_t start = 0; start < text.size();) {
      size_t end = text.find('\n', start);
      lines.push_back(json::parse(text.substr(start, end - start)).as_object());
      start = end + 1;
    }
    return lines;
  }
  std::string error(const std::string& request) {
    std::vector<json::object> lines = ask(request);
    CHECK(lines.back().at("ok") == false);
    return std::string(lines.back().at("error").as_string());
  }

  asio::io_context loop{1};
  Names names;
  Lines told;
  std::set<std::string> ids;
  Outlets outlets;
  Control control;
  Memory memory;
  Operations operations;
};

}  // namespace

TEST_CASE("Operations: status and inventory", "[operations]") {
  Office office;
  auto status = office.ask(R"({"command":"status"})");
  REQUIRE(status.size() == 2);
  CHECK(status[0].at("devices") == 2);
  CHECK(status[0].at("flagged") == 1);
  CHECK(status[0].at("alerts").at("new") == 2);
  CHECK(status[0].at("taps").at(0).at("received") == 5);
  CHECK(status[0].at("state").at("status") == "off");
  CHECK(status[0].at("bounds").at("alerts_refused") == 0);
  CHECK(status[0].at("bounds").at("devices_refused") == 0);
  CHECK(status[0].at("control").at("refused") == 3);
  auto all = office.ask(R"({"command":"inventory"})");
  REQUIRE(all.size() == 3);
  CHECK(all[0].at("macs").at(0) == "00:e0:fc:00:00:01");  // flagged first
  CHECK(all[2].at("count") == 2);
  CHECK(office.ask(R"({"command":"inventory","flagged":true})").size() == 2);
  CHECK(office.ask(R"({"command":"inventory","supplier":"zte"})").size() == 1);
  CHECK(office.ask(R"({"command":"explain","device":"00-E0-FC-00-00-01"})").size() == 2);
  CHECK(office.ask(R"({"command":"explain","device":"192.0.2.1"})").size() == 2);
  CHECK(office.ask(R"({"command":"explain","device":"192.0.2.2"})").size() == 1);
}

TEST_CASE("Operations: a long answer comes in pieces, and devices may go meanwhile",
          "[operations]") {
  Office office;
  for (int i = 0; i < 3000; ++i) {
    office.control.observe(
        sighting(station(fmt::format("00:00:5e:00:{:02x}:{:02x}", 0x80 + i / 256, i % 256)), 3));
  }
  Answer answer;
  office.operations(R"({"command":"inventory"})", "ada",
                    [&](Answer given) { answer = std::move(given); });
  size_t pieces = 1, lines = 0;
  std::string piece;
  for (; answer(piece); piece.clear(), ++pieces) {
    CHECK(piece.size() < 80'000);
    lines += Office::parse(piece).size();
  }
  CHECK(lines + Office::parse(piece).size() == 3003);
  CHECK(pieces > 10);
}

TEST_CASE("Operations: alerts, by state, severity, policy, supplier and day", "[operations]") {
  Office office;
  auto count = [&](const std::string& filter) {
    return office.ask(R"({"command":"alerts")" + filter + "}").size() - 1;
  };
  CHECK(count("") == 2);
  CHECK(count(R"(,"state":"new")") == 2);
  CHECK(count(R"(,"state":"resolved")") == 0);
  CHECK(count(R"(,"severity":"critical")") == 1);
  CHECK(count(R"(,"policy":"us-ndaa-889")") == 1);
  CHECK(count(R"(,"supplier":"huawei")") == 2);
  CHECK(count(R"(,"supplier":"zte")") == 0);
  CHECK(count(R"(,"since":"2026-01-01")") == 2);
  CHECK(count(R"(,"since":"2026-01-02")") == 0);
  CHECK(office.error(R"({"command":"alerts","since":"2026-02-30"})") ==
        "since: 2026-02-30 is not in the calendar");
  CHECK(office.error(R"({"command":"alerts","since":"9999-12-31"})") ==
        "since: 9999-12-31 is out of range, allowed are 1970-01-01 to 2261-12-31");
}

TEST_CASE("Operations: a list of what there is none of is refused", "[operations]") {
  Office office;
  CHECK(office.error(R"({"command":"alerts","state":"nosuch"})") ==
        "state: \"nosuch\" is unknown; there are: new open acknowledged authorised suppressed "
        "resolved reopened");
  CHECK(
      office.error(R"({"command":"alerts","severity":"hihg"})") ==
      "severity: \"hihg\" is unknown, did you mean \"high\"?; there are: low medium high critical");
  CHECK(office.error(R"({"command":"alerts","policy":"us-ndaa-88"})") ==
        "policy: there is no policy \"us-ndaa-88\", did you mean \"us-ndaa-889\"?");
  for (const char* command : {"alerts", "inventory"}) {
    CHECK(office.error(fmt::format(R"({{"command":"{}","supplier":"hikvison"}})", command)) ==
          "supplier: \"hikvison\" is an unknown supplier, did you mean \"hikvision\"?");
    CHECK(office.error(fmt::format(R"({{"command":"{}","supplier":"nobody"}})", command)) ==
          "supplier: \"nobody\" is an unknown supplier");
  }
  // A supplier or policy that the rules no longer have is still in what is older.
  Alert old = *office.control.alerts().find(*office.ids.begin());
  old.id = "0123456789abcdef";
  old.supplier = "gone";
  old.policy = "repealed";
  office.control.alerts().restore(old);
  CHECK(office.ask(R"({"command":"alerts","supplier":"gone","policy":"repealed"})").size() == 2);
  CHECK(office.ask(R"({"command":"inventory","supplier":"gone"})").size() == 1);
}

TEST_CASE("Operations: an alert shows its device's addresses, whatever is thought of it now",
          "[operations]") {
  Office office;
  office.control.alerts().judge_by({.policies = {"none"}});
  office.control.inventory().judge_all();
  auto alerts = office.ask(R"({"command":"alerts"})");
  REQUIRE(alerts.size() == 3);
  CHECK(office.ask(R"({"command":"inventory","flagged":true})").size() == 1);
  CHECK(alerts[0].at("device").at("macs") == json::array{"00:e0:fc:00:00:01"});
}

TEST_CASE("Operations: what is done is told with who did it and why", "[operations]") {
  Office office;
  std::string id = *office.ids.begin();
  auto act = [&](const std::string& action, const std::string& more) {
    return fmt::format(R"({{"command":"act","action":"{}","alerts":["{}"]{}}})", action, id, more);
  };
  auto answer = office.ask(act("acknowledge", R"(,"by":"bob","reason":"a\u001b[2Jb")"));
  CHECK(answer[0].at("state") == "acknowledged");
  CHECK(answer[1].at("ok") == true);
  CHECK(office.told == Lines{"acknowledged bob (ada)"});
  CHECK(office.control.alerts().find(id)->reason == "a [2Jb");
  CHECK(office.error(act("acknowledge", "")) == "1 not done");
  CHECK(office.error(act("authorise", R"(,"reason":"r")")) ==
        "the last day is needed, as in 2027-01-31");
  CHECK(office.error(act("authorise", R"(,"until":"2199-01-01")")) == "a reason is needed");
  CHECK(office.error(act("authorise", R"(,"reason":"r","until":"2020-01-01")")) == "1 not done");
  CHECK(office.error(act("authorise", R"(,"reason":"r","until":"9999-12-31")")) ==
        "until: 9999-12-31 is out of range, allowed are 1970-01-01 to 2261-12-31");
  CHECK(office.error(act("suppress", "")) == "a reason is needed");
  CHECK(office.error(act("destroy", "")).starts_with("no such action"));
  CHECK(office.told.size() == 1);
  CHECK(office.ask(act("authorise", R"(,"reason":"r","until":"2199-01-01")"))[0].at("state") ==
        "authorised");
  auto story = office.ask(R"({"command":"alert","alert":")" + id + "\"}");
  CHECK(story[0].at("timeline").as_array().size() == 3);
  CHECK(story[0].at("until") == "2199-01-01T23:59:59.999999Z");
  CHECK(story[0].at("actor") == "ada");
  CHECK_FALSE(story[0].at("evidence").as_array().empty());
}

TEST_CASE("Operations: an alert by the beginning of its id, and all or nothing", "[operations]") {
  Office office;
  std::string one = *office.ids.begin(), other = *office.ids.rbegin();
  size_t same = 0;
  while (one[same] == other[same]) ++same;
  auto ack = [&](const std::string& ids) {
    return R"({"command":"act","action":"acknowledge","alerts":[)" + ids + "]}";
  };
  CHECK(office.error(ack("\"" + one + "\",\"zzz\"")) == "there is no alert zzz");
  CHECK(office.error(ack("")) == "1 to 1000 alerts are needed");
  CHECK(office.error(ack("\"\"")) == "an alert is named by its id, or how that begins");
  CHECK(office.error(ack("5")) == "an alert is named by its id, or how that begins");
  CHECK(office.told == Lines{});
  std::string begin = one.substr(0, same + 1);
  CHECK(office.ask(ack("\"" + begin + "\",\"" + one + "\"")).size() == 2);  // twice the same
  CHECK(office.told == Lines{"acknowledged ada"});
}

TEST_CASE("Operations: what is no request", "[operations]") {
  Office office;
  for (const char* text : {"", "[]", "null", "{", "\xff", "{\"command\":5}"}) {
    INFO(text);
    CHECK(office.error(text) != "");
  }
  CHECK(office.error(std::string(60000, '[')) == "a request is a JSON object in one line");
  CHECK(office.error(R"({"command":"stop"})").starts_with("no such command"));
}

TEST_CASE("Control socket: one that a dead daemon left is replaced", "[operations]") {
  Directory directory;
  auto path = directory.path() / "control.sock";
  {
    asio::io_context loop{1};
    asio::local::stream_protocol::acceptor dead(loop, path.string());
  }
  REQUIRE(std::filesystem::is_socket(path));
  asio::io_context loop{1};
  ControlSocket socket(loop, path, "", [](const auto&, const auto&, const auto&) {});
  asio::local::stream_protocol::socket client(loop);
  client.connect(asio::local::stream_protocol::endpoint(path.string()));
}
